import { Kind, Message } from '../../core/message.ts';
import { type FaultAware, isFaultAware, type Out } from '../../core/ordering.ts';
import { viewed } from '../../core/views/membership.ts';
import type { View, Viewed } from '../../core/views/view.ts';

export const data = (sender: number, sequence: number, epoch = 0): Message =>
  new Message(Kind.data, sender, sequence, undefined, 0, 0, epoch);
export const text = ({ sender, sequence }: Message): string => `${sender}.${sequence}`;

/** Multicasts at once, and delivers what it holds, by sender, when a view ends. */
class Holding implements Viewed {
  readonly deadline = Infinity;
  readonly installed: string[] = [];
  readonly #out: Out;
  #holding: Message[] = [];

  constructor(out: Out) {
    this.#out = out;
  }

  get held(): number {
    return this.#holding.length;
  }

  multicast(_now: number, message: Message): void {
    this.#out.multicast(message);
    this.#holding.push(message);
  }

  receive(_now: number, _from: number, message: Message): void {
    this.#holding.push(message);
  }

  advance(): void {
    throw new Error('nothing is scheduled');
  }

  /** Delivers the first `count` messages, as they came. */
  deliver(count: number): void {
    for (const message of this.#holding.splice(0, count)) this.#out.deliver(message);
  }

  freeze(): Message[] {
    return this.#holding;
  }

  install(_now: number, { epoch, members }: View, known: readonly Message[]): void {
    this.installed.push(`${epoch}: ${members.join(' ')}`);
    this.#holding = [];
    const ordered = known.toSorted((a, b) => a.sender - b.sender || a.sequence - b.sequence);
    for (const message of ordered) this.#out.deliver(message);
  }
}

/** Members over channels that are FIFO and lose nothing; a test says when what is under way arrives. */
export class ViewBench {
  readonly members: FaultAware[] = [];
  readonly inner: Holding[] = [];
  readonly delivered: string[][] = [];
  /** Messages under way by channel. */
  readonly channels: Message[][][] = [];
  now = 0;

  constructor(size: number) {
    for (let self = 0; self < size; self += 1) this.#add(self, size);
  }

  #add(self: number, size: number): void {
    const delivered: string[] = [];
    this.delivered.push(delivered);
    this.channels.push(Array.from({ length: size }, () => []));
    const send = (to: number, message: Message): void => {
      this.channels[self]![to]!.push(message);
    };
    const out: Out = {
      multicast: (message) => {
        for (let to = 0; to < size; to += 1) if (to !== self) send(to, message);
      },
      send,
      deliver: (message) => delivered.push(text(message)),
    };
    const create = viewed((_group, innerOut) => {
      this.inner.push(new Holding(innerOut));
      return this.inner[self]!;
    });
    const member = create({ self, size, random: () => 0.5 }, out);
    if (!isFaultAware(member)) throw new Error('membership wants to know of faults');
    this.members.push(member);
  }

  /** Lets everything arrive between those who are not `dead`, and timers pass, until `until`. */
  run(until: number, dead: readonly number[] = []): void {
    for (; this.now < until; this.now += 50_000) {
      while (this.#arrive(dead)) {
        // Lets messages arrive until nothing is under way.
      }
      for (const [self, member] of this.members.entries()) {
        if (!dead.includes(self) && member.deadline <= this.now) member.advance(this.now);
      }
    }
  }

  /** Lets everything arrive that is under way from one member to another. */
  arrive(from: number, to: number): void {
    for (const message of this.channels[from]![to]!.splice(0)) {
      this.members[to]!.receive(this.now, from, message);
    }
  }

  #arrive(dead: readonly number[]): boolean {
    let some = false;
    for (const [from, channels] of this.channels.entries()) {
      for (const [to, channel] of channels.entries()) {
        if (dead.includes(to) || dead.includes(from)) continue;
        const message = channel.shift();
        if (message === undefined) continue;
        this.members[to]!.receive(this.now, from, message);
        some = true;
      }
    }
    return some;
  }

  suspect(member: number, by: readonly number[]): void {
    for (const other of by) this.members[other]!.suspect(this.now, member);
  }

  trust(member: number, by: readonly number[]): void {
    for (const other of by) this.members[other]!.trust(this.now, member);
  }
}

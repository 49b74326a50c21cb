import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { Heartbeats } from './heartbeats.ts';

const HEARTBEAT = 240;
const PROPOSAL = 241;
const DECISION = 242;
const PERIOD_US = 500_000;
/**
 * The silence before a member is suspected, which is longer than anything but a crash keeps a member silent.
 */
const TIMEOUT_US = 20_000_000;

interface Pending {
  readonly message: Message;
  /** Proposed or decided; ties are broken by sender. */
  timestamp: number;
  decided: boolean;
  /** Proposals that came, by member; only its sender collects them. */
  readonly proposals: Map<number, number>;
}

/**
 * Skeen's order: everybody proposes a timestamp, the sender decides on the greatest. A receiver that
 * crashes is waited for no longer; a sender that crashes before it decides blocks everybody.
 */
class SkeenSenderDies implements Ordering {
  readonly #group: Group;
  readonly #out: Out;
  readonly #heartbeats: Heartbeats;
  #pending: Pending[] = [];
  #clock = 0;

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
    this.#heartbeats = new Heartbeats(group.self, group.size, PERIOD_US, TIMEOUT_US);
  }

  get deadline(): number {
    return this.#heartbeats.nextUs;
  }

  get held(): number {
    return this.#pending.length;
  }

  multicast(now: number, message: Message): void {
    this.#out.multicast(message);
    this.#propose(message).proposals.set(this.#group.self, this.#clock);
    this.#decideReady(now);
  }

  receive(now: number, from: number, message: Message): void {
    this.#heartbeats.heard(now, from);
    const { kind, sender, sequence, timestamp } = message;
    if (kind === Kind.data) {
      this.#propose(message);
      this.#out.send(from, new Message(PROPOSAL, sender, sequence, undefined, 0, this.#clock));
    } else if (kind === PROPOSAL) {
      this.#find(message)?.proposals.set(from, timestamp);
      this.#decideReady(now);
    } else if (kind === DECISION) this.#decide(message, timestamp);
  }

  advance(now: number): void {
    if (!this.#heartbeats.beat(now)) return;
    this.#out.multicast(new Message(HEARTBEAT, this.#group.self, 0));
    this.#decideReady(now);
  }

  #propose(message: Message): Pending {
    this.#clock += 1;
    const pending = { message, timestamp: this.#clock, decided: false, proposals: new Map() };
    this.#pending.push(pending);
    return pending;
  }

  #decideReady(now: number): void {
    for (const { message, decided, proposals } of [...this.#pending]) {
      if (decided || message.sender !== this.#group.self) continue;
      if (this.#isAwaited(now, proposals)) continue;
      const timestamp = Math.max(...proposals.values());
      const { sender, sequence } = message;
      this.#out.multicast(new Message(DECISION, sender, sequence, undefined, 0, timestamp));
      this.#decide(message, timestamp);
    }
  }

  #isAwaited(now: number, proposals: ReadonlyMap<number, number>): boolean {
    for (let member = 0; member < this.#group.size; member += 1) {
      if (!proposals.has(member) && !this.#heartbeats.isSuspected(now, member)) return true;
    }
    return false;
  }

  #decide(about: Message, timestamp: number): void {
    const pending = this.#find(about);
    if (pending === undefined) return;
    pending.timestamp = timestamp;
    pending.decided = true;
    this.#clock = Math.max(this.#clock, timestamp);
    const key = (each: Pending): [number, number] => [each.timestamp, each.message.sender];
    this.#pending.sort((a, b) => key(a)[0] - key(b)[0] || key(a)[1] - key(b)[1]);
    while (this.#pending[0]?.decided === true) this.#out.deliver(this.#pending.shift()!.message);
  }

  #find({ sender, sequence }: Message): Pending | undefined {
    return this.#pending.find(
      ({ message }) => message.sender === sender && message.sequence === sequence,
    );
  }
}

export const create = reliable((group, out) => new SkeenSenderDies(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];
export const survives = 'minority';

import type { PeerLog } from '../../core/judge/comparison.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { Heap } from '../../core/base/heap.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Create, Ordering } from '../../core/ordering.ts';
import { createRandom } from '../../core/base/random.ts';
import { ExclusionError } from '../../core/views/view.ts';

export type Trouble =
  | { readonly kind: 'crash'; readonly member: number; readonly atUs: number }
  /** The member crashes when it has sent this many packets: in the middle of a multicast, say. */
  | { readonly kind: 'crashAfterPackets'; readonly member: number; readonly packets: number }
  /** What arrives meanwhile waits; afterwards the member goes on as if nothing had been. */
  | {
      readonly kind: 'pause';
      readonly member: number;
      readonly atUs: number;
      readonly untilUs: number;
    }
  /** Nothing gets from `from` to `to`, one way. */
  | {
      readonly kind: 'cut';
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly atUs: number;
      readonly untilUs: number;
    };

export interface RunOptions {
  readonly size: number;
  readonly messages: number;
  readonly seed: number;
  /** Probabilities of each packet. */
  readonly loss?: number;
  readonly repetition?: number;
  /** Delays are uniform in this range, so that packets overtake each other. */
  readonly delayUs?: readonly [number, number];
  /** Between two multicasts of one member. */
  readonly intervalUs?: readonly [number, number];
  /** Which members multicast; by default all. */
  readonly senders?: readonly number[];
  readonly troubles?: readonly Trouble[];
  readonly endUs?: number;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly member: number;
  readonly run: () => void;
}

const DEFAULTS = {
  loss: 0,
  repetition: 0,
  delayUs: [1, 50_000] as readonly [number, number],
  intervalUs: [1_000, 40_000] as readonly [number, number],
  troubles: [] as readonly Trouble[],
  endUs: 60_000_000,
};

/**
 * One run of an ordering in virtual time, with troubles, until these are over and every member that
 * lives delivered the same number of messages, and all that members that live multicast, and then
 * `settleUs` longer; or up to `endUs`, when that never happens.
 */
export class OrderingRun {
  now = 0;
  /** Since when the living members had everything; `Infinity` when that never was. */
  completeAt = Infinity;
  /** Members that stopped with an ExclusionError. */
  excluded = 0;
  lost = 0;
  repeated = 0;
  /** Packets by kind, those that the network lost included. */
  readonly sent = new Map<number, number>();
  readonly members: Ordering[] = [];
  readonly crashed: boolean[] = [];
  /** `latenciesUs[i]`: from multicast to delivery, over all deliveries. */
  readonly latenciesUs: number[] = [];
  /** What each member delivered, as `sender.sequence`. */
  readonly delivered: string[][] = [];
  readonly #sequences: DeliveredSequence[] = [];
  readonly #multicasts: number[];
  readonly #multicastAt = new Map<string, number>();
  readonly #wanted: number;
  readonly #awake: number[];
  readonly #alarms: number[];
  readonly #packets: number[];
  readonly #events = new Heap<Event>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  readonly #options: typeof DEFAULTS & RunOptions & { senders: readonly number[] };
  readonly #random: () => number;
  /** When the last trouble is over. */
  readonly #healedAt: number;
  /** Somebody delivered or crashed since it was last looked whether all is complete. */
  #changed = false;
  #order = 0;

  constructor(create: Create, options: RunOptions) {
    const everybody = Array.from({ length: options.size }, (_, member) => member);
    this.#options = { ...DEFAULTS, senders: everybody, ...options };
    this.#random = createRandom(options.seed, 1);
    this.#multicasts = everybody.map(() => 0);
    this.#awake = everybody.map(() => 0);
    this.#alarms = everybody.map(() => Infinity);
    this.#packets = everybody.map(() => 0);
    this.#wanted = options.messages;
    const ends = this.#options.troubles.map((trouble) =>
      'untilUs' in trouble ? trouble.untilUs : 'atUs' in trouble ? trouble.atUs : 0,
    );
    this.#healedAt = Math.max(0, ...ends);
    for (const self of everybody) this.members.push(this.#createMember(create, self));
    for (const trouble of this.#options.troubles) this.#plan(trouble);
    for (const self of this.#options.senders) this.#planMulticast(self);
    for (const self of everybody) this.#watch(self);
  }

  /** `compare` judges these. */
  get logs(): PeerLog[] {
    return this.#sequences.map((sequence, member) => ({
      sequence,
      multicasts: this.#multicasts[member]!,
      multicastsNoted: true,
      correct: !this.crashed[member]!,
      reportPlace: null,
    }));
  }

  /** How many packets per multicast were sent, of kinds that `counts` accepts. */
  packetsPerMulticast(counts: (kind: number) => boolean): number {
    let packets = 0;
    for (const [kind, count] of this.sent) if (counts(kind)) packets += count;
    return packets / this.#multicasts.reduce((sum, count) => sum + count, 0);
  }

  run(settleUs = 3_000_000): this {
    for (let event = this.#events.take(); event !== undefined; event = this.#events.take()) {
      const restAt = Math.max(this.completeAt, this.#healedAt) + settleUs;
      if (event.at > Math.min(this.#options.endUs, restAt)) break;
      this.now = event.at;
      const { member } = event;
      if (member >= 0 && this.crashed[member]) continue;
      if (member >= 0 && this.#awake[member]! > this.now) {
        this.#schedule(this.#awake[member]!, member, event.run);
        continue;
      }
      this.#act(event);
      if (this.#changed) this.#lookWhetherComplete();
    }
    return this;
  }

  /** A member that has to stop, because the others went on without it, counts as crashed. */
  #act({ member, run }: Event): void {
    try {
      run();
      if (member >= 0) this.#watch(member);
    } catch (error) {
      if (!(error instanceof ExclusionError)) throw error;
      this.#crash(member);
      this.excluded += 1;
    }
  }

  #createMember(create: Create, self: number): Ordering {
    const { size, seed } = this.#options;
    const [delivered, sequence] = [[] as string[], new DeliveredSequence()];
    this.delivered.push(delivered);
    this.#sequences.push(sequence);
    this.crashed.push(false);
    return create(
      { self, size, random: createRandom(seed, 2, self) },
      {
        multicast: (message) => {
          for (let to = 0; to < size; to += 1) if (to !== self) this.#carry(self, to, message);
        },
        send: (to, message) => this.#carry(self, to, message),
        deliver: (message) => {
          if (this.crashed[self]) return;
          const id = `${message.sender}.${message.sequence}`;
          delivered.push(id);
          sequence.appendDelivery(message.sender, message.sequence);
          this.#changed = true;
          this.latenciesUs.push(this.now - (this.#multicastAt.get(id) ?? NaN));
        },
      },
    );
  }

  #planMulticast(self: number): void {
    if (this.#multicasts[self]! >= this.#wanted) return;
    this.#schedule(this.now + this.#between(this.#options.intervalUs), self, () => {
      const sequence = this.#multicasts[self]!;
      this.#multicasts[self]! += 1;
      this.#multicastAt.set(`${self}.${sequence}`, this.now);
      this.#sequences[self]!.appendMulticast();
      this.members[self]!.multicast(this.now, new Message(Kind.data, self, sequence));
      this.#planMulticast(self);
    });
  }

  #plan(trouble: Trouble): void {
    if (trouble.kind === 'crash') {
      this.#schedule(trouble.atUs, -1, () => this.#crash(trouble.member));
    } else if (trouble.kind === 'pause') {
      this.#schedule(trouble.atUs, -1, () => (this.#awake[trouble.member] = trouble.untilUs));
    }
  }

  #watch(member: number): void {
    const at = Math.max(this.members[member]!.deadline, this.now);
    if (at >= this.#alarms[member]!) return;
    this.#alarms[member] = at;
    this.#schedule(at, member, () => {
      this.#alarms[member] = Infinity;
      if (this.members[member]!.deadline <= this.now) this.members[member]!.advance(this.now);
    });
  }

  #carry(from: number, to: number, message: Message): void {
    if (this.crashed[from]) return;
    this.sent.set(message.kind, (this.sent.get(message.kind) ?? 0) + 1);
    this.#packets[from]! += 1;
    const isLost = this.#random() < this.#options.loss;
    if (isLost) this.lost += 1;
    const isRepeated = this.#random() < this.#options.repetition;
    for (let copy = 0; copy < (isRepeated ? 2 : 1); copy += 1) {
      const at = this.now + this.#between(this.#options.delayUs);
      if (isLost || this.#isCut(from, to)) continue;
      this.repeated += copy;
      this.#schedule(at, to, () => this.members[to]!.receive(this.now, from, message));
    }
    this.#crashAfterPackets(from);
  }

  #crashAfterPackets(member: number): void {
    for (const trouble of this.#options.troubles) {
      if (trouble.kind !== 'crashAfterPackets' || trouble.member !== member) continue;
      if (this.#packets[member]! >= trouble.packets) this.#crash(member);
    }
  }

  #crash(member: number): void {
    this.crashed[member] = true;
    this.#changed = true;
  }

  #isCut(from: number, to: number): boolean {
    return this.#options.troubles.some(
      (trouble) =>
        trouble.kind === 'cut' &&
        trouble.atUs <= this.now &&
        this.now < trouble.untilUs &&
        trouble.from.includes(from) &&
        trouble.to.includes(to),
    );
  }

  #lookWhetherComplete(): void {
    this.#changed = false;
    this.completeAt = this.#isComplete() ? Math.min(this.completeAt, this.now) : Infinity;
  }

  /** Whether all that live have all that those who live were to multicast, and equally much. */
  #isComplete(): boolean {
    const { senders } = this.#options;
    const living = [...this.members.keys()].filter((member) => !this.crashed[member]);
    const length = this.#sequences[living[0]!]!.length;
    const sending = senders.filter((member) => !this.crashed[member]);
    if (length < sending.length * this.#wanted) return false;
    if (living.some((member) => this.#sequences[member]!.length !== length)) return false;
    return sending.every((sender) => this.#hasAll(living[0]!, sender));
  }

  #hasAll(member: number, sender: number): boolean {
    const prefix = `${sender}.`;
    const count = this.delivered[member]!.filter((id) => id.startsWith(prefix)).length;
    return count >= this.#wanted;
  }

  #between([min, max]: readonly [number, number]): number {
    return Math.floor(min + this.#random() * (max - min));
  }

  #schedule(at: number, member: number, run: () => void): void {
    this.#events.add({ at, order: (this.#order += 1), member, run });
  }
}

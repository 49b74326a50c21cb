import { Heap } from '../base/heap.ts';
import { detecting } from '../channels/failure-detector.ts';
import { viewed } from '../views/membership.ts';
import { Kind, Message } from '../message.ts';
import type { Blockage, Create, Group, Out } from '../ordering.ts';
import { reliable } from '../channels/reliable-link.ts';
import type { Distance, Theory } from './theory.ts';
import type { TotalOrderLog } from '../views/total-order-log.ts';
import type { View, Viewed } from '../views/view.ts';

/** The kinds of its own messages: numbers of the wire, which never change meaning. */
export const RingKind = {
  /** Every member holds message (`sender`, `sequence`). */
  ringAck: 25,
} as const;

/**
 * ring: messages travel once round a ring, are acknowledged by a second round, and vector clocks tell
 * every member the same order without a word about it.
 *
 * Rule: a member sends to its successor only: its own messages, stamped with how many it has received
 * of each member (itself included), and what its predecessor sends, which it passes on. The last
 * member that a message reaches, the predecessor of its sender, sends an acknowledgement on the same
 * way: who sees it knows that everybody holds the message. A message is delivered once it is known
 * to be held by all, and all before it are delivered. Of two messages from senders i < j, the one
 * of i is first if j had received it when it sent its own: that is the order in which both pass the
 * last member of the ring, and nobody can receive a message after the acknowledgement of a later one,
 * since all travel the same ring over FIFO channels.
 * Guarantees: integrity, validity, uniform agreement, FIFO, causal and uniform total order, no gaps.
 * Messages per multicast: 2(n - 1). Latency: up to 2(n - 1) communication steps, n - 1 at best: made
 * for throughput, since no member ever sends a message more than once.
 * Survives: a minority. In a view change the survivors put together what they hold: whatever
 * anybody delivered all of them held, and its place follows from its vector. The next ring is made of
 * the members of the next view.
 * Source: Guerraoui, Levy, Pochon and Quéma, "Throughput optimal total order broadcast for cluster
 * environments" (2010), the LCR protocol, with acknowledgements as messages of their own.
 */
class Ring implements Viewed {
  readonly deadline = Infinity;
  readonly #self: number;
  readonly #out: Out;
  readonly #log: TotalOrderLog;
  /** How many messages of each member were received in this view. */
  readonly #clock: number[];
  /** `heldByAll[s]`: messages of s below this sequence number are held by every member. */
  readonly #heldByAll: number[];
  /**
   * Messages received and not delivered, as a heap in the total order; bounded by what the members
   * multicast.
   */
  readonly #pending = new Heap<Message>(precedes);
  #members: readonly number[] = [];
  #successor = 0;

  constructor(group: Group, out: Out, view: View, log: TotalOrderLog) {
    this.#self = group.self;
    this.#out = out;
    this.#log = log;
    this.#clock = new Array<number>(group.size).fill(0);
    this.#heldByAll = new Array<number>(group.size).fill(0);
    this.#begin(view);
  }

  get held(): number {
    return this.#pending.size;
  }

  /** The first message waits for its acknowledgement, which comes from the predecessor. */
  blockage(): Blockage | null {
    const { first } = this.#pending;
    if (first === undefined) return null;
    const predecessor = this.#members.at(this.#members.indexOf(this.#self) - 1)!;
    return { sender: first.sender, sequence: first.sequence, waitsFor: [predecessor] };
  }

  multicast(_now: number, message: Message): void {
    this.#clock[this.#self]! += 1;
    this.#travel(message.withVector(this.#clock.slice()));
  }

  receive(_now: number, _from: number, message: Message): void {
    if (message.kind === Kind.data) {
      this.#clock[message.sender]! += 1;
      this.#travel(message);
    } else if (message.kind === RingKind.ringAck) {
      this.#acknowledge(message);
    }
  }

  advance(): void {
    // Nothing is ever scheduled.
  }

  freeze(): Message[] {
    return inOrder(this.#pending.toArray());
  }

  install(_now: number, view: View, known: readonly Message[]): void {
    for (const message of inOrder(known)) {
      // A missing message is held by no member here: its sender multicasts it again, and what follows it.
      if (message.sequence === this.#log.countOf(message.sender)) this.#out.deliver(message);
    }
    this.#begin(view);
  }

  #begin(view: View): void {
    this.#members = view.members;
    this.#successor = this.#after(this.#self);
    this.#pending.clear();
    this.#clock.fill(0);
    for (const member of this.#heldByAll.keys()) {
      this.#heldByAll[member] = this.#log.countOf(member);
    }
  }

  #after(member: number): number {
    return this.#members[(this.#members.indexOf(member) + 1) % this.#members.length]!;
  }

  /** Passes a message on to the successor, unless it has been everywhere. */
  #travel(message: Message): void {
    this.#pending.add(message);
    if (this.#successor !== message.sender) this.#out.send(this.#successor, message);
    else this.#acknowledge(new Message(RingKind.ringAck, message.sender, message.sequence));
  }

  #acknowledge(acknowledgement: Message): void {
    const { sender, sequence } = acknowledgement;
    this.#heldByAll[sender] = sequence + 1;
    // The acknowledgement began at the sender's predecessor, and ends before it gets there again.
    if (this.#after(this.#successor) !== sender) this.#out.send(this.#successor, acknowledgement);
    this.#deliverHeldByAll();
  }

  #deliverHeldByAll(): void {
    for (let first = this.#pending.first; first !== undefined; first = this.#pending.first) {
      if (first.sequence >= this.#heldByAll[first.sender]!) return;
      this.#pending.take();
      this.#out.deliver(first);
    }
  }
}

/** The messages in the total order, as a new array. */
function inOrder(messages: readonly Message[]): Message[] {
  return messages.toSorted((one, other) => (precedes(one, other) ? -1 : 1));
}

/** Whether `one` passes the last member of the ring before `other`: by the lower sender's entry. */
function precedes(one: Message, other: Message): boolean {
  if (one.sender === other.sender) return one.sequence < other.sequence;
  if (one.sender < other.sender) return one.vector[one.sender]! <= other.vector[one.sender]!;
  return one.vector[other.sender]! < other.vector[other.sender]!;
}

export const create: Create = detecting(
  reliable(viewed((group, out, view, log) => new Ring(group, out, view, log))),
);

/**
 * The message goes round to the sender's predecessor, then its acknowledgement goes on from there.
 */
export const theory: Theory = {
  formula: '2 (n - 1)',
  messages: (size) => 2 * (size - 1),
  steps: '2 (n - 1)',
  latency: (distance, size, sender, receiver) => {
    const last = (sender + size - 1) % size;
    const hops = (receiver - last + size) % size;
    return alongRing(distance, size, sender, size - 1) + alongRing(distance, size, last, hops);
  },
};

/** The time that `hops` hops along the ring 0, 1, ..., size - 1, 0 take, beginning at `from`. */
function alongRing(distance: Distance, size: number, from: number, hops: number): number {
  let sum = 0;
  for (let hop = 0; hop < hops; hop += 1) {
    sum += distance((from + hop) % size, (from + hop + 1) % size);
  }
  return sum;
}

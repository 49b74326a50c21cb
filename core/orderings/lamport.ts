import { Heap } from '../base/heap.ts';
import { Kind, Message } from '../message.ts';
import type { Blockage, Create, Group, Ordering, Out } from '../ordering.ts';
import { reliable } from '../channels/reliable-link.ts';
import type { Theory } from './theory.ts';

/** The kinds of its own messages: numbers of the wire, which never change meaning. */
export const LamportKind = {
  /** Tells a timestamp greater than that of message (`sender`, `sequence`). */
  lamportAck: 20,
} as const;

/**
 * lamport: one total order, by Lamport timestamp, then by sender.
 *
 * Rule: a multicast is stamped with the next reading of the logical clock and queued, at its sender
 * too, in one step with its sending. Who receives a message makes its clock at least as great, and
 * tells everybody its next reading, unless it already said one as great as the message's: then that,
 * on its way through the same FIFO channels, is the acknowledgement. The first message of the queue
 * is delivered when every member was heard to say a timestamp as great: since each member's grow
 * from message to message, whatever comes from now on lies after it.
 * Guarantees: integrity, validity, agreement, FIFO, causal and uniform total order, no gaps: every
 * member delivers a prefix of the one sequence of all stamped messages.
 * Messages per multicast: n(n - 1) when nothing else is on its way (n - 1 copies, and each of n - 1
 * receivers acknowledges to n - 1); fewer under load. Latency: 2 communication steps.
 * Survives: none. A member that crashed says nothing any more, so all others wait, safely, and `held`
 * grows.
 * Source: Lamport, "Time, clocks, and the ordering of events in a distributed system" (1978).
 */
class Lamport implements Ordering {
  readonly deadline = Infinity;
  readonly #self: number;
  readonly #out: Out;
  /**
   * Messages that are not delivered, in the total order; bounded by what the members multicast in
   * the run.
   */
  readonly #queue = new Heap<Message>(precedes);
  /**
   * By member, the greatest timestamp that it was heard to say; at `self`, the one that this member
   * said.
   */
  readonly #heard: number[];
  #clock = 0;
  /** The members with an index below this are past the first message of the queue. */
  #agreeing = 0;

  constructor(group: Group, out: Out) {
    this.#self = group.self;
    this.#out = out;
    this.#heard = Array.from({ length: group.size }, () => 0);
  }

  get held(): number {
    return this.#queue.size;
  }

  /**
   * The first message of the queue, and the members that owe it an acknowledgement: those that said
   * no timestamp as great as its own.
   */
  blockage(): Blockage | null {
    const { first } = this.#queue;
    if (first === undefined) return null;
    const waitsFor = [...this.#heard.keys()].filter((member) => !this.#isPast(member, first));
    return { sender: first.sender, sequence: first.sequence, waitsFor };
  }

  multicast(_now: number, message: Message): void {
    const stamped = message.withTimestamp(this.#tick());
    this.#queue.add(stamped);
    this.#out.multicast(stamped);
    this.#deliverAgreed();
  }

  receive(_now: number, from: number, message: Message): void {
    const { kind, timestamp } = message;
    if (kind !== Kind.data && kind !== LamportKind.lamportAck) return;
    this.#heard[from] = timestamp;
    if (timestamp > this.#clock) this.#clock = timestamp;
    if (kind === Kind.data) {
      this.#queue.add(message);
      this.#acknowledge(message);
    }
    this.#deliverAgreed();
  }

  advance(): void {
    // Nothing is ever scheduled: acknowledgements leave at once.
  }

  #acknowledge(message: Message): void {
    if (this.#isPast(this.#self, message)) return;
    const { sender, sequence } = message;
    const acknowledgement = new Message(LamportKind.lamportAck, sender, sequence);
    this.#out.multicast(acknowledgement.withTimestamp(this.#tick()));
  }

  /**
   * The next reading of the clock. Taking it counts as saying it, since stamping and sending are
   * one step.
   */
  #tick(): number {
    this.#clock += 1;
    this.#heard[this.#self] = this.#clock;
    return this.#clock;
  }

  #deliverAgreed(): void {
    for (let first = this.#queue.first; first !== undefined; first = this.#queue.first) {
      // The members that are past one message are also past a message that became first later,
      // which lies before it.
      while (this.#agreeing < this.#heard.length && this.#isPast(this.#agreeing, first)) {
        this.#agreeing += 1;
      }
      if (this.#agreeing < this.#heard.length) return;
      this.#agreeing = 0;
      this.#queue.take();
      this.#out.deliver(first);
    }
  }

  /** Whether all that `member` has yet to say lies after `message`: its timestamps only grow. */
  #isPast(member: number, message: Message): boolean {
    return this.#heard[member]! >= message.timestamp;
  }
}

function precedes(one: Message, other: Message): boolean {
  if (one.timestamp !== other.timestamp) return one.timestamp < other.timestamp;
  return one.sender < other.sender;
}

export const create: Create = reliable((group, out) => new Lamport(group, out));

/**
 * A message is delivered once every member's acknowledgement has come, the last one over the
 * slowest path.
 */
export const theory: Theory = {
  formula: 'n (n - 1)',
  messages: (size) => size * (size - 1),
  steps: '2',
  latency: (distance, size, sender, receiver) => {
    const ways = Array.from(
      { length: size },
      (_, member) => distance(sender, member) + distance(member, receiver),
    );
    return Math.max(...ways);
  },
};

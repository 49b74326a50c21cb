import { assert } from '../base/assert.ts';
import { MessageQueue } from '../message-queue.ts';
import { Kind, Message } from '../message.ts';
import type { Blockage, Create, Group, Ordering, Out } from '../ordering.ts';
import { reliable } from '../channels/reliable-link.ts';

/**
 * causal: a message is delivered after everything that its sender had delivered or multicast before.
 *
 * Rule: `clock[k]` counts the deliveries from member k. A message carries its sender's clock with the
 * message itself counted; a receiver delivers it once it is the next of its sender
 * (`vector[sender] = clock[sender] + 1`) and it has delivered whatever else the sender had
 * (`vector[k] <= clock[k]` for every other k). A sender delivers its own message at once, and that
 * delivery is the only thing that moves its own entry: counting it a second time, when receiving,
 * would let others wait for messages that do not exist.
 * Guarantees: integrity, validity, agreement, FIFO and causal order.
 * Messages per multicast: n - 1, of n numbers more each, and the link's acknowledgements.
 * Latency: 1 communication step. Survives: none (a message whose sender dies midway may have reached
 * some only, and what depends on it then waits for ever at the others).
 * Source: Birman, Schiper and Stephenson, "Lightweight causal and atomic group multicast" (1991),
 * the CBCAST protocol.
 */
class Causal implements Ordering {
  readonly deadline = Infinity;
  /**
   * How many messages were received and not yet delivered; bounded by what the others multicast in
   * the run.
   */
  held = 0;
  readonly #self: number;
  readonly #out: Out;
  /** How many messages of each member were delivered here. */
  readonly #clock: number[];
  /** By sender, its messages in its order (the channels are FIFO): the first may wait, so the rest must. */
  readonly #queues: readonly MessageQueue[];

  constructor(group: Group, out: Out) {
    this.#self = group.self;
    this.#out = out;
    this.#clock = Array.from({ length: group.size }, () => 0);
    this.#queues = Array.from({ length: group.size }, () => new MessageQueue());
  }

  /**
   * The first message of some sender, and the senders of the messages that it depends on and that
   * have not come.
   */
  blockage(): Blockage | null {
    for (const [sender, queue] of this.#queues.entries()) {
      if (queue.length === 0) continue;
      const first = queue.at(0);
      const waitsFor = [...first.vector.keys()].filter(
        (member) => member !== sender && first.vector[member]! > this.#clock[member]!,
      );
      return { sender, sequence: first.sequence, waitsFor };
    }
    return null;
  }

  multicast(_now: number, message: Message): void {
    this.#clock[this.#self]! += 1;
    const stamped = message.withVector(this.#clock.slice());
    this.#out.multicast(stamped);
    this.#out.deliver(stamped);
  }

  receive(_now: number, from: number, message: Message): void {
    if (message.kind !== Kind.data) return;
    assert(message.sender === from, 'a causal message comes from its sender alone');
    assert(message.vector.length === this.#clock.length, 'a causal message has an entry a member');
    this.#queues[from]!.push(message);
    this.held += 1;
    if (this.#queues[from]!.length === 1 && this.#deliverFirst(from)) this.#deliverFollowing();
  }

  advance(): void {
    // Nothing is ever scheduled.
  }

  /**
   * Delivers what became deliverable. Every delivery may be what other senders' messages waited
   * for, so the rounds over all senders go on until one of them delivers nothing.
   */
  #deliverFollowing(): void {
    for (let delivered = this.held > 0; delivered;) {
      delivered = false;
      for (let sender = 0; sender < this.#queues.length; sender += 1) {
        while (this.#deliverFirst(sender)) delivered = true;
      }
    }
  }

  #deliverFirst(sender: number): boolean {
    const queue = this.#queues[sender]!;
    if (queue.length === 0 || !this.#isNext(sender, queue.at(0).vector)) return false;
    const message = queue.shift();
    this.held -= 1;
    this.#clock[sender]! += 1;
    this.#out.deliver(message);
    return true;
  }

  #isNext(sender: number, vector: readonly number[]): boolean {
    for (let member = 0; member < vector.length; member += 1) {
      const before = member === sender ? vector[member]! - 1 : vector[member]!;
      if (before > this.#clock[member]!) return false;
    }
    return true;
  }
}

export const create: Create = reliable((group, out) => new Causal(group, out));

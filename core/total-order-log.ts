import { assert } from './assert.ts';
import type { Message } from './message.ts';

/**
 * The total order as far as this member delivered it: index -> message, from 0 on.
 *
 * Only the layer in membership.ts appends to it; orderings read it. Two logs of one group are
 * prefixes of one another. A sender's messages stand in it in the order of their sequence numbers
 * and without gaps, which makes "is it delivered?" one comparison and is checked at each append.
 *
 * All entries are kept for the whole run, because any member may turn out to lag behind and has to be
 * brought up to date: the bound is the run's messages.
 */
export class TotalOrderLog {
  readonly #entries: Message[] = [];
  readonly #counts: number[] = [];

  /** `size`: members of the group. */
  constructor(size: number) {
    for (let member = 0; member < size; member += 1) this.#counts.push(0);
  }

  /** How many messages are delivered: the index that the next one gets. */
  get length(): number {
    return this.#entries.length;
  }

  /** The message at `index`: 0..length-1. */
  at(index: number): Message {
    const message = this.#entries[index];
    assert(message !== undefined, 'a log is read below its length');
    return message;
  }

  /** How many messages of `sender` are delivered: the sequence number of its next one. */
  countOf(sender: number): number {
    return this.#counts[sender]!;
  }

  /** Whether message (`sender`, `sequence`) is delivered. */
  includes(sender: number, sequence: number): boolean {
    return sequence < this.#counts[sender]!;
  }

  /** Adds the next message of the order: the next one of its sender. */
  append(message: Message): void {
    const { sender, sequence } = message;
    assert(
      this.#counts[sender] === sequence,
      'a total order has each message of a sender once, in order and without gaps',
    );
    this.#counts[sender] = sequence + 1;
    this.#entries.push(message);
  }

  /** The entries from index `start` on, as a new array. */
  from(start: number): Message[] {
    return this.#entries.slice(start);
  }
}

import { assert } from './base/assert.ts';
import type { Message } from './message.ts';

const CAPACITY_INITIAL = 16;

/**
 * Messages in a row, the first of which are taken away: a ring, so that a queue through which millions
 * pass holds on to none that it has let go of. Bounded by what its user adds.
 */
export class MessageQueue {
  /** Its length is a power of two; message i is at `#head + i`. */
  #ring: (Message | null)[] = [];
  #head = 0;
  length = 0;

  push(message: Message): void {
    if (this.length === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.length) & (this.#ring.length - 1)] = message;
    this.length += 1;
  }

  /** Takes out the first message; there must be one. */
  shift(): Message {
    assert(this.length > 0, 'there is a message to take');
    const message = this.#ring[this.#head]!;
    this.#ring[this.#head] = null;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.length -= 1;
    return message;
  }

  /** The message at place `index` of the queue: 0..length-1. */
  at(index: number): Message {
    assert(index >= 0 && index < this.length, 'a queue is read where it has something');
    return this.#at(index);
  }

  /** All messages in their order, as a new array. */
  toArray(): Message[] {
    const messages: Message[] = [];
    for (let index = 0; index < this.length; index += 1) messages.push(this.#at(index));
    return messages;
  }

  clear(): void {
    this.#ring = [];
    this.#head = 0;
    this.length = 0;
  }

  #at(index: number): Message {
    return this.#ring[(this.#head + index) & (this.#ring.length - 1)]!;
  }

  #grow(): void {
    const grown: (Message | null)[] = this.toArray();
    const length = Math.max(CAPACITY_INITIAL, 2 * this.#ring.length);
    while (grown.length < length) grown.push(null);
    this.#ring = grown;
    this.#head = 0;
  }
}

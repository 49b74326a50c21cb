import { grown } from '../base/grown.ts';
import type { Message } from '../message.ts';

/** Stands for no place: places are counted from 1. */
export const NONE = 0;
const CAPACITY_INITIAL = 8;

/**
 * The state of a message: it waits for room; is under way for the first time; is under way again, since it was
 * taken for lost when later ones arrived, or only since the timeout passed; or was acknowledged.
 */
export const SentState = {
  waiting: 0,
  sent: 1,
  takenForLost: 2,
  sentAgain: 3,
  acknowledged: 4,
} as const;

/**
 * The messages that one member keeps until they are acknowledged, on all of its channels: columns, of which
 * a message has a place, with the place of the message after it on the same channel. Channels carry
 * millions of messages with a few under way at a time, so places are used again.
 */
export class SentMessages {
  /** By place; `null` at a place that is free. */
  readonly messages: (Message | null)[] = [null];
  /** When it was last transmitted; meaningless while it waits. */
  sentAt = new Float64Array(CAPACITY_INITIAL);
  /** One of `SentState`. */
  states = new Uint8Array(CAPACITY_INITIAL);
  /** The place of the next message on its channel, or of the next free place; NONE after the last. */
  next = new Int32Array(CAPACITY_INITIAL);
  #free = NONE;
  /** Where a walk along a channel began, and where it is: the places, and the numbers on the channel. */
  #beginPlace = NONE;
  #beginNumber = 0;
  #walkPlace = NONE;
  #walkNumber = 0;

  /** Takes in a message that waits, and tells its place. */
  add(message: Message): number {
    let place = this.#free;
    if (place === NONE) {
      place = this.messages.length;
      if (place === this.next.length) this.#grow();
      this.messages.push(message);
    } else {
      this.#free = this.next[place]!;
      this.messages[place] = message;
    }
    this.states[place] = SentState.waiting;
    this.next[place] = NONE;
    return place;
  }

  remove(place: number): void {
    this.messages[place] = null;
    this.next[place] = this.#free;
    this.#free = place;
  }

  /** Begins to walk along a channel, of which message `number` is at `place`. */
  walkFrom(place: number, number: number): void {
    this.#beginPlace = place;
    this.#beginNumber = number;
    this.#walkPlace = place;
    this.#walkNumber = number;
  }

  /** The place of message `number` of the channel that is walked along. Ascending numbers cost one step each. */
  walkTo(number: number): number {
    if (number < this.#walkNumber) this.walkFrom(this.#beginPlace, this.#beginNumber);
    for (; this.#walkNumber < number; this.#walkNumber += 1) {
      this.#walkPlace = this.next[this.#walkPlace]!;
    }
    return this.#walkPlace;
  }

  #grow(): void {
    const length = 2 * this.next.length;
    this.sentAt = grown(this.sentAt, length);
    this.states = grown(this.states, length);
    this.next = grown(this.next, length);
  }
}

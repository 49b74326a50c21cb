import { LINK_WINDOW } from './congestion-window.ts';
import type { Message } from '../message.ts';

/**
 * What came in order is acknowledged so late, for more to come that one acknowledgement speaks of, or a
 * message to ride with: half of the sender's shortest timeout (RFC 1122, section 4.2.3.2: below 500 ms).
 */
const ACKNOWLEDGE_US_MAX = 100_000;
/** Received messages that make it wait no longer. */
const ACKNOWLEDGE_EVERY = 32;
/** No acknowledgement rides with a message sooner than this after the last, */
const RIDE_SPACING_US = 50_000;
/** and none that tells of a gap sooner than this, unless that many messages came between. */
const GAP_SPACING_US = 20_000;
/** Ranges that one acknowledgement names at most; further ones are named once these are filled. */
const RANGES_MAX = 16;

/**
 * The receiving end of one reliable channel: hands messages on in the order of their numbers, each
 * once, and knows what to acknowledge and when. Holds at most LINK_WINDOW messages.
 */
export class LinkReceiver {
  /** All below were handed on. */
  #next = 1;
  /** Messages that came early, number n at n modulo its length, a power of two; empty until one does. */
  #early: (Message | null)[] = [];
  #held = 0;
  /** The greatest number that came early: none beyond is held. */
  #highest = 0;
  #unacknowledged = 0;
  #acknowledgedAt = -Infinity;
  /** When an acknowledgement is due; `Infinity` when none is. */
  acknowledgeAt = Infinity;

  get held(): number {
    return this.#held;
  }

  /** Of the messages that came early, the one whose turn is first; `null` without any. */
  get earliest(): Message | null {
    for (let number = this.#next; number <= this.#highest && this.#held > 0; number += 1) {
      const message = this.#early[number & (this.#early.length - 1)]!;
      if (message !== null) return message;
    }
    return null;
  }

  /**
   * Takes a message off the network. True when it is the one whose turn it is: the caller hands it on,
   * and then all that `take` gives. Otherwise it is held until its turn comes, or known already.
   */
  receive(now: number, message: Message): boolean {
    const number = message.link;
    this.#unacknowledged += 1;
    const by = this.#acknowledgeBy(now, number);
    if (by < this.acknowledgeAt) this.acknowledgeAt = by;
    if (number === this.#next) {
      this.#next += 1;
      return true;
    }
    if (number > this.#next && number < this.#next + LINK_WINDOW) this.#hold(message);
    return false;
  }

  /** The next message in order of those that came early, or `null` when it has not come. */
  take(): Message | null {
    if (this.#held === 0) return null;
    const place = this.#next & (this.#early.length - 1);
    const message = this.#early[place]!;
    if (message === null) return null;
    this.#early[place] = null;
    this.#held -= 1;
    this.#next += 1;
    return message;
  }

  /** What to acknowledge: every number up to `cumulative`, and `ranges` as LinkSender reads them. */
  acknowledgement(now: number): { cumulative: number; ranges: readonly number[] | undefined } {
    this.acknowledgeAt = Infinity;
    this.#acknowledgedAt = now;
    this.#unacknowledged = 0;
    return {
      cumulative: this.#next - 1,
      ranges: this.#held === 0 ? undefined : this.#ranges(),
    };
  }

  /** Whether an acknowledgement is owed that may ride with a message sent now. */
  owesBy(now: number): boolean {
    return this.acknowledgeAt !== Infinity && now >= this.#acknowledgedAt + RIDE_SPACING_US;
  }

  #acknowledgeBy(now: number, number: number): number {
    if (this.#unacknowledged >= ACKNOWLEDGE_EVERY) return now;
    // In order, it may wait for more, or for a message to ride with.
    if (number === this.#next) return now + ACKNOWLEDGE_US_MAX;
    // Out of order or repeated: the other end should know at once (RFC 5681, section 4.2).
    return Math.max(now, this.#acknowledgedAt + GAP_SPACING_US);
  }

  #hold(message: Message): void {
    const number = message.link;
    if (number - this.#next >= this.#early.length) this.#grow(number - this.#next + 1);
    const place = number & (this.#early.length - 1);
    if (this.#early[place] !== null) return;
    this.#early[place] = message;
    this.#held += 1;
    if (number > this.#highest) this.#highest = number;
  }

  #grow(lengthMin: number): void {
    let length = Math.max(8, this.#early.length);
    while (length < lengthMin) length *= 2;
    const grown: (Message | null)[] = [];
    while (grown.length < length) grown.push(null);
    for (const message of this.#early) {
      if (message !== null) grown[message.link & (length - 1)] = message;
    }
    this.#early = grown;
  }

  #ranges(): number[] {
    const ranges: number[] = [];
    let previous = -1;
    // Looked up one by one: the first ranges are found long before all early numbers were sorted.
    for (let number = this.#next + 1; number <= this.#highest; number += 1) {
      if (this.#early[number & (this.#early.length - 1)] === null) continue;
      if (number === previous + 1) ranges[ranges.length - 1]! += 1;
      else if (ranges.length === 2 * RANGES_MAX) break;
      else ranges.push(number - (this.#next - 1), 1);
      previous = number;
    }
    return ranges;
  }
}

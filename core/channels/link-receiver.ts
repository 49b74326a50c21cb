import { LINK_WINDOW } from './congestion-window.ts';
import { TIMEOUT_US_MIN } from './round-trip.ts';
import type { Message } from '../message.ts';

/**
 * Acknowledge in-order messages after at most this long, so that one acknowledgement can cover
 * several, or share a datagram with a message: half of the sender's shortest timeout (RFC 1122,
 * section 4.2.3.2: below 500 ms).
 */
const ACKNOWLEDGE_US_MAX = TIMEOUT_US_MIN / 2;
/** Acknowledge at once when this many received messages are unacknowledged. */
const ACKNOWLEDGE_EVERY = 32;
/**
 * The least time between two acknowledgements of which the second shares a datagram with a message.
 */
const RIDE_SPACING_US = 50_000;
/**
 * The least time between two acknowledgements of which the second tells of a gap, unless
 * ACKNOWLEDGE_EVERY messages came between them.
 */
const GAP_SPACING_US = 20_000;
/** The most ranges that one acknowledgement names; further ones are named once these are filled. */
const RANGES_MAX = 16;

/**
 * The receiving end of one reliable channel: hands messages on in the order of their numbers, each
 * once, and knows what to acknowledge and when. Holds at most LINK_WINDOW messages.
 */
export class LinkReceiver {
  /** The number of the next message to hand on: all below it were handed on. */
  #next = 1;
  /**
   * Messages that came early: number n stands at n modulo the length, a power of two; empty until
   * one came.
   */
  #early: (Message | null)[] = [];
  #held = 0;
  /** The greatest number among the messages that came early: none beyond it is held. */
  #highest = 0;
  #unacknowledged = 0;
  #acknowledgedAt = -Infinity;
  /** When an acknowledgement is due; `Infinity` when none is. */
  acknowledgeAt = Infinity;

  get held(): number {
    return this.#held;
  }

  /** The message that came early and has the smallest number; `null` when none came early. */
  get earliest(): Message | null {
    for (let number = this.#next; number <= this.#highest && this.#held > 0; number += 1) {
      const message = this.#early[number & (this.#early.length - 1)]!;
      if (message !== null) return message;
    }
    return null;
  }

  /**
   * Takes a message off the network. The result is true when its turn has come: the caller hands it
   * on, and then every message that `take` gives. Otherwise the message is held until its turn
   * comes, or it was known already.
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

  /** Takes out the next message in order if it came early; `null` when it has not come. */
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
    // The acknowledgement of an in-order message may wait for more of them, or for a message to
    // ride with.
    if (number === this.#next) return now + ACKNOWLEDGE_US_MAX;
    // After a message out of order, or a repeated one, the other end should know at once (RFC 5681,
    // section 4.2).
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
    // Numbers are looked up one by one, since the first ranges are found long before all early
    // numbers could be sorted.
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

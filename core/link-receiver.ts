import { LINK_WINDOW } from './link-sender.ts';
import type { Message } from './message.ts';

/** An acknowledgement waits this long for a message to ride with, or for more to acknowledge. */
const ACKNOWLEDGE_US_MAX = 25_000;
/** Received messages that make it wait no longer. */
const ACKNOWLEDGE_EVERY = 8;
/** No two acknowledgements are closer together than this unless that many messages came between. */
const ACKNOWLEDGE_SPACING_US = 20_000;
/** Ranges that one acknowledgement names at most; further ones are named once these are filled. */
const RANGES_MAX = 16;

/**
 * The receiving end of one reliable channel: hands messages on in the order of their numbers, each
 * once, and knows what to acknowledge and when. Holds at most LINK_WINDOW messages.
 */
export class LinkReceiver {
  /** All below were handed on. */
  #next = 1;
  readonly #early = new Map<number, Message>();
  /** The greatest number that came early: none beyond is in the map. */
  #highest = 0;
  /** The one whose turn it is, if it came just now: most do, and need no place in the map. */
  #prompt: Message | undefined = undefined;
  #unacknowledged = 0;
  #acknowledgedAt = -Infinity;
  /** When an acknowledgement is due; `Infinity` when none is. */
  acknowledgeAt = Infinity;

  get held(): number {
    return this.#early.size;
  }

  /** Takes a message off the network; afterwards `take` gives those whose turn has come. */
  receive(now: number, message: Message): void {
    const number = message.link;
    if (number === this.#next) this.#prompt = message;
    else if (number > this.#next && number < this.#next + LINK_WINDOW) {
      this.#early.set(number, message);
      this.#highest = Math.max(this.#highest, number);
    }
    this.#unacknowledged += 1;
    this.acknowledgeAt = Math.min(this.acknowledgeAt, this.#acknowledgeBy(now, number));
  }

  /** The next message in order, or `undefined` when it has not come. */
  take(): Message | undefined {
    let message = this.#prompt;
    this.#prompt = undefined;
    if (message === undefined && this.#early.size > 0) {
      message = this.#early.get(this.#next);
      this.#early.delete(this.#next);
    }
    if (message !== undefined) this.#next += 1;
    return message;
  }

  /** What to acknowledge: every number up to `cumulative`, and `ranges` as LinkSender reads them. */
  acknowledgement(now: number): { cumulative: number; ranges: number[] } {
    this.acknowledgeAt = Infinity;
    this.#acknowledgedAt = now;
    this.#unacknowledged = 0;
    return { cumulative: this.#next - 1, ranges: this.#ranges() };
  }

  /** Whether an acknowledgement is owed that may ride with a message sent now. */
  owesBy(now: number): boolean {
    return this.acknowledgeAt !== Infinity && now >= this.#acknowledgedAt + ACKNOWLEDGE_SPACING_US;
  }

  #acknowledgeBy(now: number, number: number): number {
    if (this.#unacknowledged >= ACKNOWLEDGE_EVERY) return now;
    // In order, it may wait for more, or for a message to ride with.
    if (number === this.#next) return now + ACKNOWLEDGE_US_MAX;
    // Out of order or repeated: the other end should know at once (RFC 5681, section 4.2).
    return Math.max(now, this.#acknowledgedAt + ACKNOWLEDGE_SPACING_US);
  }

  #ranges(): number[] {
    if (this.#early.size === 0) return [];
    const ranges: number[] = [];
    let previous = -1;
    // Looked up one by one: the first ranges are found long before all early numbers were sorted.
    for (let number = this.#next + 1; number <= this.#highest; number += 1) {
      if (!this.#early.has(number)) continue;
      if (number === previous + 1) ranges[ranges.length - 1]! += 1;
      else if (ranges.length === 2 * RANGES_MAX) break;
      else ranges.push(number - (this.#next - 1), 1);
      previous = number;
    }
    return ranges;
  }
}

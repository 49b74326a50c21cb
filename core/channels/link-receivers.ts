import { LINK_WINDOW } from './congestion-window.ts';
import { ACKNOWLEDGE_US_MAX } from './round-trips.ts';
import { Kind, Message } from '../message.ts';

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
/** An acknowledgement tells how long it waited in units of this (as RFC 9000, section 18.2, by default). */
export const WAITED_UNIT_US = 8;

/** A channel has a row of whole numbers and one of times, in which these are the places: */
const COUNTS = 4;
const TIMES = 3;
/** The number of the next message to hand on: all below it were handed on. */
const NEXT = 0;
/** How many messages came early, and the greatest number among them: none beyond it is held. */
const HELD = 1;
const HIGHEST = 2;
const UNACKNOWLEDGED = 3;
const ACKNOWLEDGED_AT = 0;
/** When an acknowledgement is due; `Infinity` when none is. */
const ACKNOWLEDGE_AT = 1;
/** When the latest message came. */
const CAME_AT = 2;

/**
 * The receiving ends of one member's reliable channels, each named by the member at its other end.
 * Such an end hands messages on in the order of their numbers, each once, and knows what to acknowledge
 * and when. It holds at most LINK_WINDOW messages. A channel is rows of numbers, for the same reason as at
 * the sending ends (link-senders.ts).
 */
export class LinkReceivers {
  readonly #self: number;
  readonly #counts: Int32Array;
  readonly #times: Float64Array;
  /**
   * By channel, the messages that came early: number n stands at n modulo the length, a power of two;
   * `null` until one came.
   */
  readonly #early: ((Message | null)[] | null)[];
  /** How many messages came early, on all channels. */
  held = 0;

  /** Of member `self`, with channels from members 0 to `channels` - 1. */
  constructor(self: number, channels: number) {
    this.#self = self;
    this.#counts = new Int32Array(channels * COUNTS);
    this.#times = new Float64Array(channels * TIMES);
    this.#early = new Array<null>(channels).fill(null);
    for (let from = 0; from < channels; from += 1) {
      this.#counts[from * COUNTS + NEXT] = 1;
      this.#times[from * TIMES + ACKNOWLEDGED_AT] = -Infinity;
      this.#times[from * TIMES + ACKNOWLEDGE_AT] = Infinity;
    }
  }

  /** When an acknowledgement is due; `Infinity` when none is. */
  acknowledgeAt(from: number): number {
    return this.#times[from * TIMES + ACKNOWLEDGE_AT]!;
  }

  /** How many messages came early from `from`. */
  heldFrom(from: number): number {
    return this.#counts[from * COUNTS + HELD]!;
  }

  /** The message that came early and has the smallest number; `null` when none came early. */
  earliest(from: number): Message | null {
    const row = from * COUNTS;
    const early = this.#early[from]!;
    if (early === null || this.#counts[row + HELD] === 0) return null;
    const highest = this.#counts[row + HIGHEST]!;
    for (let number = this.#counts[row + NEXT]!; number <= highest; number += 1) {
      const message = early[number & (early.length - 1)]!;
      if (message !== null) return message;
    }
    return null;
  }

  /**
   * Takes a message off the network. The result is true when its turn has come: the caller hands it
   * on, and then every message that `take` gives. Otherwise the message is held until its turn
   * comes, or it was known already.
   */
  receive(now: number, from: number, message: Message): boolean {
    const counts = this.#counts;
    const row = from * COUNTS;
    const number = message.link;
    counts[row + UNACKNOWLEDGED]! += 1;
    this.#times[from * TIMES + CAME_AT] = now;
    const by = this.#acknowledgeBy(now, from, number);
    if (by < this.#times[from * TIMES + ACKNOWLEDGE_AT]!)
      this.#times[from * TIMES + ACKNOWLEDGE_AT] = by;
    const next = counts[row + NEXT]!;
    if (number === next) {
      counts[row + NEXT] = next + 1;
      return true;
    }
    if (number > next && number < next + LINK_WINDOW) this.#hold(from, message);
    return false;
  }

  /** Takes out the next message in order if it came early; `null` when it has not come. */
  take(from: number): Message | null {
    const counts = this.#counts;
    const row = from * COUNTS;
    if (counts[row + HELD] === 0) return null;
    const early = this.#early[from]!;
    const place = counts[row + NEXT]! & (early.length - 1);
    const message = early[place]!;
    if (message === null) return null;
    early[place] = null;
    this.held -= 1;
    counts[row + HELD]! -= 1;
    counts[row + NEXT]! += 1;
    return message;
  }

  /**
   * The acknowledgement to send to `from` now: of every number up to one, and of ranges as LinkSenders reads
   * them. Its timestamp is how long it waited since the latest message came, so that the sender can tell a
   * long way from a long wait (RFC 9002, section 5.3).
   */
  acknowledge(now: number, from: number): Message {
    const row = from * COUNTS;
    this.#times[from * TIMES + ACKNOWLEDGE_AT] = Infinity;
    this.#times[from * TIMES + ACKNOWLEDGED_AT] = now;
    this.#counts[row + UNACKNOWLEDGED] = 0;
    const waited = Math.floor((now - this.#times[from * TIMES + CAME_AT]!) / WAITED_UNIT_US);
    const upTo = this.#counts[row + NEXT]! - 1;
    const ranges = this.#counts[row + HELD] === 0 ? undefined : this.#ranges(from);
    return new Message(Kind.linkAck, this.#self, upTo, undefined, 0, waited, 0, 0, ranges);
  }

  /** Whether an acknowledgement is owed that may ride with a message sent now. */
  owesBy(now: number, from: number): boolean {
    return (
      this.#times[from * TIMES + ACKNOWLEDGE_AT] !== Infinity &&
      now >= this.#times[from * TIMES + ACKNOWLEDGED_AT]! + RIDE_SPACING_US
    );
  }

  #acknowledgeBy(now: number, from: number, number: number): number {
    const counts = this.#counts;
    const row = from * COUNTS;
    if (counts[row + UNACKNOWLEDGED]! >= ACKNOWLEDGE_EVERY) return now;
    // The acknowledgement of an in-order message may wait for more of them, or for a message to
    // ride with.
    if (number === counts[row + NEXT]) return now + ACKNOWLEDGE_US_MAX;
    // After a message out of order, or a repeated one, the other end should know at once (RFC 5681,
    // section 4.2).
    return Math.max(now, this.#times[from * TIMES + ACKNOWLEDGED_AT]! + GAP_SPACING_US);
  }

  #hold(from: number, message: Message): void {
    const counts = this.#counts;
    const row = from * COUNTS;
    const number = message.link;
    const early = this.#roomFor(from, number - counts[row + NEXT]! + 1);
    const place = number & (early.length - 1);
    if (early[place] !== null) return;
    early[place] = message;
    this.held += 1;
    counts[row + HELD]! += 1;
    if (number > counts[row + HIGHEST]!) counts[row + HIGHEST] = number;
  }

  /** The array of a channel's early messages, with room for `lengthMin`. */
  #roomFor(from: number, lengthMin: number): (Message | null)[] {
    const early = this.#early[from] ?? [];
    if (lengthMin <= early.length) return early;
    let length = Math.max(8, early.length);
    while (length < lengthMin) length *= 2;
    const grown: (Message | null)[] = [];
    while (grown.length < length) grown.push(null);
    for (const message of early) {
      if (message !== null) grown[message.link & (length - 1)] = message;
    }
    this.#early[from] = grown;
    return grown;
  }

  #ranges(from: number): number[] {
    const row = from * COUNTS;
    const early = this.#early[from]!;
    const next = this.#counts[row + NEXT]!;
    const highest = this.#counts[row + HIGHEST]!;
    const ranges: number[] = [];
    let previous = -1;
    // Numbers are looked up one by one, since the first ranges are found long before all early
    // numbers could be sorted.
    for (let number = next + 1; number <= highest; number += 1) {
      if (early[number & (early.length - 1)] === null) continue;
      if (number === previous + 1) ranges[ranges.length - 1]! += 1;
      else if (ranges.length === 2 * RANGES_MAX) break;
      else ranges.push(number - (next - 1), 1);
      previous = number;
    }
    return ranges;
  }
}

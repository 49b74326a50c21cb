import { CongestionWindow, WINDOW_MIN } from './congestion-window.ts';
import type { Message } from '../message.ts';
import type { Out } from '../ordering.ts';
import { RoundTrips } from './round-trips.ts';
import { NONE, SentMessages, SentState } from './sent-messages.ts';

/** A message counts as lost once one that was sent this many messages later has arrived (RFC 6675). */
const REORDERING_MAX = 3;

/** A path on which this number of timeouts pass with no arrival between them is congested (RFC 9002, 7.6). */
const EXPIRIES_OF_CONGESTION = 2;

/** A channel has a row of whole numbers and one of times, in which these are the places: */
const COUNTS = 8;
const TIMES = 3;
/** The first unacknowledged number. */
const BASE = 0;
/** How many messages are unacknowledged, and how many of these were transmitted at least once. */
const OUTSTANDING = 1;
const FLYING = 2;
/** Where the first and the last unacknowledged message are kept, and the first that waits for room. */
const FIRST = 3;
const LAST = 4;
const WAITING = 5;
/** How many timeouts passed since anything arrived. */
const EXPIRIES = 6;
/** 1 while only the oldest message is transmitted, because the other end seems dead. */
const SUSPENDED = 7;
/** When the latest of the transmissions that surely arrived was made. */
const ARRIVED_SENT_AT = 0;
/** When the timer last began anew: because the oldest message arrived, or the timer had run out. */
const TIMED_FROM = 1;
/** A lower bound on the next timeout, which `advance` tightens. */
const DEADLINE = 2;

/**
 * The sending ends of one member's reliable channels, each named by the member at its other end. Such an
 * end numbers messages from 1, keeps each until it is acknowledged, and retransmits what was lost. A
 * message counts as lost
 *
 * - after a timeout (RFC 6298, doubled when it expires, measured on messages transmitted once: Karn
 *   1987),
 * - once three later ones arrived (RFC 6675), or
 * - once one arrived that was transmitted a good deal later, even if this one was retransmitted
 *   before (RFC 8985).
 *
 * A large group has as many channels as pairs of members, a million among a thousand. So a channel is no
 * object but rows of numbers, of which a packet finds all that it needs in a line or two of a cache.
 * What is under way is bounded by what the ordering above emits in a run, and nothing is allocated for it.
 */
export class LinkSenders {
  readonly #out: Out;
  readonly #counts: Int32Array;
  readonly #times: Float64Array;
  readonly #sent = new SentMessages();
  readonly #roundTrips: RoundTrips;
  /** The windows of those channels that ever filled the least one, or were congested. */
  readonly #windows: (CongestionWindow | null)[];
  /** When messages were last seen to wait for room at the receiver: what waits is not lost. */
  readonly #heldBackAt = new Map<number, number>();
  /** The round trip that the acknowledgement being handled measured (negative: none), and what it told of. */
  #sampleUs = -1;
  #arrived = 0;

  /** Transmits to members 0 to `channels` - 1 through `out`. */
  constructor(out: Out, channels: number) {
    this.#out = out;
    this.#counts = new Int32Array(channels * COUNTS);
    this.#times = new Float64Array(channels * TIMES);
    this.#roundTrips = new RoundTrips(channels);
    this.#windows = new Array<null>(channels).fill(null);
    for (let to = 0; to < channels; to += 1) {
      this.#counts[to * COUNTS + BASE] = 1;
      this.#times[to * TIMES + TIMED_FROM] = -Infinity;
      this.#times[to * TIMES + DEADLINE] = Infinity;
    }
  }

  /** The number that the next message to `to` gets. */
  next(to: number): number {
    return this.#counts[to * COUNTS + BASE]! + this.#counts[to * COUNTS + OUTSTANDING]!;
  }

  /** A lower bound on the next timeout of the channel to `to`, which `advance` tightens. */
  deadline(to: number): number {
    return this.#times[to * TIMES + DEADLINE]!;
  }

  /** Sends `numbered`, which carries the number `next`, now or when the window has room. */
  offer(now: number, to: number, numbered: Message): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const place = this.#sent.add(numbered);
    if (counts[row + OUTSTANDING] === 0) counts[row + FIRST] = place;
    else this.#sent.next[counts[row + LAST]!] = place;
    counts[row + LAST] = place;
    if (counts[row + WAITING] === NONE) counts[row + WAITING] = place;
    counts[row + OUTSTANDING]! += 1;
    this.#fill(now, to);
  }

  /**
   * Handles an acknowledgement: the other end has every number up to `cumulative`, and the ranges
   * in `ranges`. A range is a pair: how far its first number lies above `cumulative`, and how many
   * numbers it has.
   */
  acknowledge(now: number, to: number, cumulative: number, ranges: readonly number[]): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const base = counts[row + BASE]!;
    const underWay = counts[row + FLYING]!;
    if (this.#out.holdsBack?.(to) === true) this.#heldBackAt.set(to, now);
    this.#sampleUs = -1;
    this.#arrived = 0;
    let highest = cumulative;
    this.#sent.walkFrom(counts[row + FIRST]!, base);
    this.#mark(now, to, base, cumulative);
    for (let index = 0; index + 1 < ranges.length; index += 2) {
      const first = cumulative + ranges[index]!;
      highest = Math.max(highest, first + ranges[index + 1]! - 1);
      this.#mark(now, to, first, first + ranges[index + 1]! - 1);
    }
    if (this.#sampleUs >= 0) this.#roundTrips.measure(to, this.#sampleUs);
    this.#dropAcknowledged(row);
    if (counts[row + BASE]! > base) {
      this.#times[to * TIMES + TIMED_FROM] = now;
      const timeoutUs = counts[row + FLYING]! > 0 ? this.#roundTrips.timeoutUsMin(to) : Infinity;
      this.#times[to * TIMES + DEADLINE] = now + timeoutUs;
    }
    if (this.#arrived > 0) {
      counts[row + EXPIRIES] = 0;
      if (underWay >= WINDOW_MIN) this.#windowOf(to).arrived(this.#arrived, underWay);
    }
    if (highest > counts[row + BASE]!) this.#retransmitBelow(now, to, highest);
    this.#fill(now, to);
  }

  /** Transmits only the oldest message to `to` until `resume`, because the other end seems dead. */
  suspend(to: number): void {
    this.#counts[to * COUNTS + SUSPENDED] = 1;
  }

  /** Transmits what should have been transmitted since `suspend`, because the other end lives. */
  resume(now: number, to: number): void {
    this.#counts[to * COUNTS + SUSPENDED] = 0;
    this.#roundTrips.restart(to);
    this.#retransmitExpired(now, to);
    this.#fill(now, to);
  }

  /**
   * Retransmits what has been under way for longer than the timeout, unless something arrived meanwhile.
   * The timeout runs from when the oldest message can have left, and anew when it arrives (RFC 6298,
   * section 5). At most the least window is retransmitted: what arrives of it tells which of the rest is
   * lost.
   */
  advance(now: number, to: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    if (now < this.#times[to * TIMES + DEADLINE]!) return;
    if (this.#out.holdsBack?.(to) === true) this.#heldBackAt.set(to, now);
    if (counts[row + FLYING] === 0) {
      this.#times[to * TIMES + DEADLINE] = Infinity;
      return;
    }
    const firstSentAt = this.#sent.sentAt[counts[row + FIRST]!]!;
    const heldBackAt = this.#heldBackAt.get(to) ?? -Infinity;
    const from = Math.max(firstSentAt, this.#times[to * TIMES + TIMED_FROM]!, heldBackAt);
    this.#times[to * TIMES + DEADLINE] = from + this.#roundTrips.timeoutUs(to);
    if (now < this.#times[to * TIMES + DEADLINE]!) return;
    this.#retransmitExpired(now, to);
    counts[row + EXPIRIES]! += 1;
    this.#roundTrips.expired(to);
    this.#times[to * TIMES + DEADLINE] = now + this.#roundTrips.timeoutUs(to);
    if (counts[row + EXPIRIES] === EXPIRIES_OF_CONGESTION) this.#windowOf(to).expired();
  }

  /** Retransmits what the timeout has passed for, of the oldest messages under way. */
  #retransmitExpired(now: number, to: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const sent = this.#sent;
    this.#times[to * TIMES + TIMED_FROM] = now;
    const sentUntil = now - this.#roundTrips.timeoutUs(to);
    const end = Math.min(counts[row + FLYING]!, this.#limit(to), WINDOW_MIN);
    let place = counts[row + FIRST]!;
    for (let index = 0; index < end; index += 1) {
      const isUnderWay = sent.states[place] !== SentState.acknowledged;
      if (isUnderWay && sent.sentAt[place]! <= sentUntil) this.#send(now, to, place);
      place = sent.next[place]!;
    }
  }

  /** How many messages from the first unacknowledged on may be transmitted. */
  #limit(to: number): number {
    // On a suspended channel one message is under way, so that its acknowledgement can tell of life.
    if (this.#counts[to * COUNTS + SUSPENDED] === 1) return 1;
    return this.#windows[to]?.size ?? WINDOW_MIN;
  }

  #windowOf(to: number): CongestionWindow {
    return (this.#windows[to] ??= new CongestionWindow());
  }

  #fill(now: number, to: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const limit = this.#limit(to);
    while (counts[row + WAITING] !== NONE && counts[row + FLYING]! < limit) {
      const place = counts[row + WAITING]!;
      counts[row + WAITING] = this.#sent.next[place]!;
      counts[row + FLYING]! += 1;
      this.#send(now, to, place);
    }
  }

  #send(now: number, to: number, place: number): void {
    const sent = this.#sent;
    sent.sentAt[place] = now;
    sent.states[place] =
      sent.states[place] === SentState.waiting ? SentState.sent : SentState.sentAgain;
    // This may be too early, as the timeout may be backing off: `advance` looks again.
    const deadline = now + this.#roundTrips.timeoutUsMin(to);
    if (deadline < this.#times[to * TIMES + DEADLINE]!)
      this.#times[to * TIMES + DEADLINE] = deadline;
    this.#out.send(to, sent.messages[place]!);
  }

  /** Marks the numbers `first` to `end`, as far as they are under way, as arrived. */
  #mark(now: number, to: number, first: number, end: number): void {
    const base = this.#counts[to * COUNTS + BASE]!;
    const last = Math.min(end, base + this.#counts[to * COUNTS + FLYING]! - 1);
    let number = Math.max(first, base);
    let place = number <= last ? this.#sent.walkTo(number) : NONE;
    for (; number <= last; number += 1) {
      this.#markOne(now, to, place);
      place = this.#sent.next[place]!;
    }
  }

  #markOne(now: number, to: number, place: number): void {
    const sent = this.#sent;
    const state = sent.states[place]!;
    if (state === SentState.acknowledged) return;
    sent.states[place] = SentState.acknowledged;
    this.#arrived += 1;
    const sentAt = sent.sentAt[place]!;
    const elapsedUs = now - sentAt;
    const isFirst = state === SentState.sent;
    if (isFirst) this.#sampleUs = elapsedUs;
    else if (elapsedUs < this.#roundTrips.smoothedUs(to)) {
      this.#roundTrips.wasOnlyLate(to);
      this.#windows[to]?.onlyLate();
    }
    // An acknowledgement less than a round trip after a retransmission is about an earlier transmission.
    const isAboutThis = isFirst || elapsedUs >= this.#roundTrips.smoothedUs(to);
    const arrivedSentAt = this.#times[to * TIMES + ARRIVED_SENT_AT]!;
    if (isAboutThis && sentAt > arrivedSentAt) this.#times[to * TIMES + ARRIVED_SENT_AT] = sentAt;
  }

  #retransmitBelow(now: number, to: number, highest: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const sent = this.#sent;
    const reorderingUs = this.#roundTrips.reorderingUs(to);
    const arrivedSentAt = this.#times[to * TIMES + ARRIVED_SENT_AT]! - reorderingUs;
    const overdueSentAt = now - this.#roundTrips.smoothedUs(to) - reorderingUs;
    const base = counts[row + BASE]!;
    const end = base + Math.min(counts[row + FLYING]!, this.#limit(to), highest - base);
    let place = counts[row + FIRST]!;
    for (let number = base; number < end; number += 1) {
      const state = sent.states[place]!;
      const sentAt = sent.sentAt[place]!;
      // Where delays differ much, three later messages often overtake one that is not late at all;
      // so this one must be overdue as well.
      const isOvertaken =
        state === SentState.sent && number <= highest - REORDERING_MAX && sentAt < overdueSentAt;
      if (state !== SentState.acknowledged && (isOvertaken || sentAt < arrivedSentAt)) {
        this.#windowOf(to).lost(number, base + counts[row + FLYING]! - 1);
        this.#send(now, to, place);
      }
      place = sent.next[place]!;
    }
  }

  #dropAcknowledged(row: number): void {
    const counts = this.#counts;
    const sent = this.#sent;
    while (counts[row + FLYING]! > 0) {
      const first = counts[row + FIRST]!;
      if (sent.states[first] !== SentState.acknowledged) return;
      counts[row + FIRST] = sent.next[first]!;
      sent.remove(first);
      counts[row + BASE]! += 1;
      counts[row + OUTSTANDING]! -= 1;
      counts[row + FLYING]! -= 1;
    }
  }
}

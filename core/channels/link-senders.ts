import { WINDOW_MIN } from './congestion-window.ts';
import { CongestionWindows } from './congestion-windows.ts';
import type { Message } from '../message.ts';
import type { Out } from '../ordering.ts';
import { RetransmissionTimers } from './retransmission-timers.ts';
import { ACKNOWLEDGE_US_MAX, RoundTrips } from './round-trips.ts';
import { NONE, SentMessages, SentState } from './sent-messages.ts';

/** A path on which this number of timeouts pass with no arrival between them is congested (RFC 9002, 7.6). */
const EXPIRIES_OF_CONGESTION = 2;

/** A channel has a row of whole numbers, in which these are the places: */
const COUNTS = 8;
/** The first unacknowledged number. */
const BASE = 0;
/** How many messages are unacknowledged, and how many of these were transmitted at least once. */
const OUTSTANDING = 1;
const FLYING = 2;
/** Where the first and the last unacknowledged message are kept, and the first that waits for room. */
const FIRST = 3;
const LAST = 4;
const WAITING = 5;
/** The greatest number that is known to have arrived. */
const HIGHEST = 6;
/** 1 while only the oldest message is transmitted, because the other end seems dead. */
const SUSPENDED = 7;

/**
 * The sending ends of one member's reliable channels, each named by the member at its other end. Such an
 * end numbers messages from 1, keeps each until it is acknowledged, and retransmits what was lost. A message counts as lost
 * once one arrived that was transmitted later, and this one has had as long as that one, and a little longer, as it may only
 * be late (RFC 8985); or after a timeout, when nothing tells of it (RFC 6298, doubled when it expires repeatedly, measured
 * on messages transmitted once: Karn 1987).
 *
 * A large group has as many channels as pairs of members, a million among a thousand. So a channel is no object but rows of
 * numbers, of which a packet finds all that it needs in a line or two of a cache. What waits is bounded by whoever multicasts,
 * who can ask (`queued`); nothing is allocated for it.
 */
export class LinkSenders {
  readonly #out: Out;
  readonly #counts: Int32Array;
  /** When the first of the messages that others overtook counts as lost; `Infinity` when none was overtaken. */
  readonly #lostAt: Float64Array;
  readonly #sent = new SentMessages();
  readonly #roundTrips: RoundTrips;
  readonly #timers: RetransmissionTimers;
  readonly #windows: CongestionWindows;
  /** How many messages wait for room in a window, on all channels together. */
  waiting = 0;
  /** The acknowledgement that is handled: the round trip it measured (negative: none), what it told of, how long it waited. */
  #sampleUs = -1;
  #arrived = 0;
  #waitedUs = 0;

  /** Transmits to members 0 to `channels` - 1 through `out`. */
  constructor(out: Out, channels: number) {
    this.#out = out;
    this.#counts = new Int32Array(channels * COUNTS);
    this.#lostAt = new Float64Array(channels).fill(Infinity);
    this.#roundTrips = new RoundTrips(channels);
    this.#timers = new RetransmissionTimers(channels, this.#roundTrips);
    this.#windows = new CongestionWindows(channels);
    for (let to = 0; to < channels; to += 1) this.#counts[to * COUNTS + BASE] = 1;
  }

  /** The number that the next message to `to` gets. */
  next(to: number): number {
    return this.#counts[to * COUNTS + BASE]! + this.#counts[to * COUNTS + OUTSTANDING]!;
  }

  /** How many messages to `to` wait for room; none where the other end seems dead, since nobody waits for that. */
  queued(to: number): number {
    const [counts, row] = [this.#counts, to * COUNTS];
    return counts[row + SUSPENDED] === 1 ? 0 : counts[row + OUTSTANDING]! - counts[row + FLYING]!;
  }

  /** A lower bound on when the channel to `to` takes something for lost, which `advance` tightens. */
  deadline(to: number): number {
    return Math.min(this.#lostAt[to]!, this.#timers.deadline(to));
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
    this.waiting += 1;
    this.#fill(now, to);
  }

  /**
   * Handles an acknowledgement: the other end has every number up to `cumulative`, and the ranges
   * in `ranges`. A range is a pair: how far its first number lies above `cumulative`, and how many
   * numbers it has. The acknowledgement waited for `waitedUs` since the latest message came.
   */
  acknowledge(
    now: number,
    to: number,
    cumulative: number,
    ranges: readonly number[],
    waitedUs = 0,
  ): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const base = counts[row + BASE]!;
    const underWay = counts[row + FLYING]!;
    if (this.#out.holdsBack?.(to) === true) this.#timers.heldBack(now, to);
    this.#sampleUs = -1;
    this.#arrived = 0;
    this.#waitedUs = Math.min(waitedUs, ACKNOWLEDGE_US_MAX);
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
    if (counts[row + FLYING] === 0) this.#timers.stop(to);
    else if (counts[row + BASE]! > base) {
      const firstSentAt = this.#sent.sentAt[counts[row + FIRST]!]!;
      this.#timers.restart(now, to, counts[row + FLYING]!, firstSentAt);
    }
    if (this.#arrived > 0) {
      this.#timers.arrived(to);
      this.#windows.arrived(to, this.#arrived, underWay);
    }
    if (highest > counts[row + HIGHEST]!) counts[row + HIGHEST] = highest;
    this.#retransmitOvertaken(now, to);
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
   * Retransmits what was overtaken long enough ago, and what has been under way for longer than the
   * timeout, if nothing arrived meanwhile. At most the least window is retransmitted: what arrives of it
   * tells which of the rest is lost.
   */
  advance(now: number, to: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    if (now >= this.#lostAt[to]!) this.#retransmitOvertaken(now, to);
    if (now < this.#timers.deadline(to)) return;
    if (this.#out.holdsBack?.(to) === true) this.#timers.heldBack(now, to);
    if (counts[row + FLYING] === 0) return this.#timers.stop(to);
    if (!this.#timers.isDue(now, to, this.#sent.sentAt[counts[row + FIRST]!]!)) return;
    this.#retransmitExpired(now, to);
    if (this.#timers.expired(now, to) === EXPIRIES_OF_CONGESTION) this.#windows.expired(to);
  }

  /** Retransmits what the timeout has passed for, of the oldest messages under way. */
  #retransmitExpired(now: number, to: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const sent = this.#sent;
    this.#timers.begin(now, to);
    const sentUntil = now - this.#roundTrips.timeoutUs(to);
    const end = Math.min(counts[row + FLYING]!, this.#limit(to), WINDOW_MIN);
    let place = counts[row + FIRST]!;
    for (let index = 0; index < end; index += 1) {
      const isUnderWay = sent.states[place] !== SentState.acknowledged;
      if (isUnderWay && sent.sentAt[place]! <= sentUntil) {
        // What was taken for lost before stays so.
        if (sent.states[place] === SentState.sent) sent.states[place] = SentState.sentAgain;
        this.#send(now, to, place);
      }
      place = sent.next[place]!;
    }
  }

  /** How many messages from the first unacknowledged on may be transmitted. */
  #limit(to: number): number {
    // On a suspended channel one message is under way, so that its acknowledgement can tell of life.
    return this.#counts[to * COUNTS + SUSPENDED] === 1 ? 1 : this.#windows.size(to);
  }

  #fill(now: number, to: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const limit = this.#limit(to);
    while (counts[row + WAITING] !== NONE && counts[row + FLYING]! < limit) {
      const place = counts[row + WAITING]!;
      counts[row + WAITING] = this.#sent.next[place]!;
      counts[row + FLYING]! += 1;
      this.waiting -= 1;
      this.#sent.states[place] = SentState.sent;
      this.#send(now, to, place);
    }
  }

  #send(now: number, to: number, place: number): void {
    this.#sent.sentAt[place] = now;
    this.#timers.sent(now, to);
    this.#out.send(to, this.#sent.messages[place]!);
  }

  /** Marks the numbers `first` to `end`, as far as they are under way, as arrived. */
  #mark(now: number, to: number, first: number, end: number): void {
    const base = this.#counts[to * COUNTS + BASE]!;
    const last = Math.min(end, base + this.#counts[to * COUNTS + FLYING]! - 1);
    let number = Math.max(first, base);
    let place = number <= last ? this.#sent.walkTo(number) : NONE;
    for (; number <= last; number += 1) {
      this.#markOne(now, to, number, place);
      place = this.#sent.next[place]!;
    }
  }

  #markOne(now: number, to: number, number: number, place: number): void {
    const sent = this.#sent;
    const state = sent.states[place]!;
    if (state === SentState.acknowledged) return;
    sent.states[place] = SentState.acknowledged;
    this.#arrived += 1;
    const onTheWayUs = Math.max(now - sent.sentAt[place]! - this.#waitedUs, 1);
    if (state === SentState.sent) this.#sampleUs = onTheWayUs;
    else if (!this.#isOfRetransmission(to, number, onTheWayUs, state)) return;
    this.#roundTrips.arrived(to, sent.sentAt[place]!, onTheWayUs);
  }

  /** Whether the acknowledgement of a message that was retransmitted surely is about that retransmission. */
  #isOfRetransmission(to: number, number: number, onTheWayUs: number, state: number): boolean {
    if (this.#roundTrips.smoothedUs(to) === 0) {
      // Before the first measurement there is no telling.
      this.#roundTrips.restart(to);
      return false;
    }
    if (this.#roundTrips.isTooSoon(to, onTheWayUs)) {
      this.#roundTrips.wasOnlyLate(to);
      if (state === SentState.takenForLost) this.#windows.onlyLate(to, number);
      return false;
    }
    this.#roundTrips.wasLost(to, onTheWayUs);
    return true;
  }

  /** Retransmits the messages that others overtook long enough ago, and notes when it is time for the next. */
  #retransmitOvertaken(now: number, to: number): void {
    const counts = this.#counts;
    const row = to * COUNTS;
    const sent = this.#sent;
    const arrivedSentAt = this.#roundTrips.arrivedSentAt(to);
    const overtakenUs = this.#roundTrips.overtakenUs(to);
    const base = counts[row + BASE]!;
    const [flying, limit] = [counts[row + FLYING]!, this.#limit(to)];
    let lostAt = Infinity;
    let place = counts[row + FIRST]!;
    for (let index = 0; index < flying && index < limit; index += 1) {
      const sentAt = sent.sentAt[place]!;
      // Of what was transmitted at the same time, what has the greatest number was transmitted last.
      const isBefore = base + index < counts[row + HIGHEST]!;
      if (sentAt > arrivedSentAt || (sentAt === arrivedSentAt && !isBefore)) {
        // What follows was transmitted later still, unless it was acknowledged or retransmitted.
        if (sent.states[place] === SentState.sent) break;
      } else if (sent.states[place] !== SentState.acknowledged) {
        if (sentAt + overtakenUs > now) lostAt = Math.min(lostAt, sentAt + overtakenUs);
        else {
          this.#windows.lost(to, base + index, base + flying - 1);
          sent.states[place] = SentState.takenForLost;
          this.#send(now, to, place);
        }
      }
      place = sent.next[place]!;
    }
    this.#lostAt[to] = lostAt;
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

import { CongestionWindow, WINDOW_MIN } from './congestion-window.ts';
import type { Message } from '../message.ts';
import type { Out } from '../ordering.ts';
import { RoundTrip } from './round-trip.ts';

/**
 * A message counts as lost once one that was sent this many messages later has arrived (RFC 6675).
 */
const REORDERING_MAX = 3;

/** A path on which this number of timeouts pass with no arrival between them is congested (RFC 9002, 7.6). */
const EXPIRIES_OF_CONGESTION = 2;

/** Many channels never have more than one message under way, and a group has as many as it has pairs of members. */
const CAPACITY_INITIAL = 1;

/**
 * The state of a message: it waits for room, is under way for the first time, is under way again,
 * or was acknowledged.
 */
const State = { waiting: 0, sent: 1, sentAgain: 2, acknowledged: 3 } as const;

interface Entry {
  message: Message | null;
  /** When it was last transmitted; meaningless while it waits. */
  sentAt: number;
  /** One of `State`. */
  state: number;
}

/**
 * The sending end of one reliable channel. It numbers messages from 1, keeps each until it is
 * acknowledged, and retransmits what was lost. A message counts as lost
 *
 * - after a timeout (RFC 6298, doubled when it expires, measured on messages transmitted once: Karn
 *   1987),
 * - once three later ones arrived (RFC 6675), or
 * - once one arrived that was transmitted a good deal later, even if this one was retransmitted
 *   before (RFC 8985).
 *
 * The queue is bounded by what the ordering above emits in a run. A channel may carry millions of
 * messages with a few under way, so entries are used again, and nothing is allocated for each
 * message.
 */
export class LinkSender {
  readonly #out: Out;
  readonly #to: number;
  /**
   * A ring, whose length is a power of two: number `#base + i` is entry `#head + i`; `#base` is the
   * first unacknowledged number.
   */
  #entries: Entry[] = [];
  #head = 0;
  #base = 1;
  #outstanding = 0;
  /** How many entries were transmitted at least once. */
  #flying = 0;
  /** When the latest of the transmissions that surely arrived was made. */
  #arrivedSentAt = 0;
  /**
   * The round trip, in microseconds, measured by the acknowledgement being handled; negative when
   * it measured none.
   */
  #sampleUs = -1;
  /** How many messages the acknowledgement being handled reported as arrived. */
  #arrived = 0;
  readonly #roundTrip = new RoundTrip();
  #suspended = false;
  /** When messages were last seen to wait for room at the receiver: what waits is not lost. */
  #heldBackAt = -Infinity;
  readonly #window = new CongestionWindow();
  /** When the timer last began anew: because the oldest message arrived, or the timer had run out. */
  #timedFrom = -Infinity;
  /** How many timeouts passed since anything arrived. */
  #expiries = 0;
  /** A lower bound on the next timeout, which `advance` tightens. */
  deadline = Infinity;

  /** Transmits to member `to` through `out`. */
  constructor(out: Out, to: number) {
    this.#out = out;
    this.#to = to;
  }

  /** The number that the next message gets. */
  get next(): number {
    return this.#base + this.#outstanding;
  }

  /** Sends `numbered`, which carries the number `next`, now or when the window has room. */
  offer(now: number, numbered: Message): void {
    if (this.#outstanding === this.#entries.length) this.#grow();
    const entry = this.#at(this.#outstanding);
    entry.message = numbered;
    entry.state = State.waiting;
    this.#outstanding += 1;
    this.#fill(now);
  }

  /**
   * Handles an acknowledgement: the other end has every number up to `cumulative`, and the ranges
   * in `ranges`. A range is a pair: how far its first number lies above `cumulative`, and how many
   * numbers it has.
   */
  acknowledge(now: number, cumulative: number, ranges: readonly number[]): void {
    this.#observeHeldBack(now);
    this.#sampleUs = -1;
    let highest = cumulative;
    const [base, underWay] = [this.#base, this.#flying];
    this.#arrived = 0;
    this.#mark(now, this.#base, cumulative);
    for (let index = 0; index + 1 < ranges.length; index += 2) {
      const first = cumulative + ranges[index]!;
      const end = first + ranges[index + 1]! - 1;
      this.#mark(now, first, end);
      highest = Math.max(highest, end);
    }
    if (this.#sampleUs >= 0) this.#roundTrip.measure(this.#sampleUs);
    this.#dropAcknowledged();
    if (this.#base > base) {
      this.#timedFrom = now;
      this.deadline = this.#flying > 0 ? now + this.#roundTrip.timeoutUsMin : Infinity;
    }
    if (this.#arrived > 0) {
      this.#expiries = 0;
      this.#window.arrived(this.#arrived, underWay);
    }
    if (highest > this.#base) this.#retransmitBelow(now, highest);
    this.#fill(now);
  }

  /** Transmits only the oldest message until `resume`, because the other end seems dead. */
  suspend(): void {
    this.#suspended = true;
  }

  /** Transmits what should have been transmitted since `suspend`, because the other end lives. */
  resume(now: number): void {
    this.#suspended = false;
    this.#roundTrip.restart();
    this.#retransmitExpired(now);
    this.#fill(now);
  }

  /**
   * Retransmits what has been under way for longer than the timeout, unless something arrived meanwhile.
   * The timeout runs from when the oldest message can have left, and anew when it arrives (RFC 6298,
   * section 5). At most the least window is retransmitted: what arrives of it tells which of the rest is
   * lost.
   */
  advance(now: number): void {
    if (now < this.deadline) return;
    this.#observeHeldBack(now);
    if (this.#flying === 0) {
      this.deadline = Infinity;
      return;
    }
    const from = Math.max(this.#at(0).sentAt, this.#timedFrom, this.#heldBackAt);
    this.deadline = from + this.#roundTrip.timeoutUs;
    if (now < this.deadline) return;
    this.#retransmitExpired(now);
    this.#expiries += 1;
    this.#roundTrip.expired();
    this.deadline = now + this.#roundTrip.timeoutUs;
    if (this.#expiries === EXPIRIES_OF_CONGESTION) this.#window.expired();
  }

  /** Retransmits what the timeout has passed for, of the oldest messages under way. */
  #retransmitExpired(now: number): void {
    this.#timedFrom = now;
    const sentUntil = now - this.#roundTrip.timeoutUs;
    const end = Math.min(this.#flying, this.#limit(), WINDOW_MIN);
    for (let index = 0; index < end; index += 1) {
      const entry = this.#at(index);
      if (entry.state !== State.acknowledged && entry.sentAt <= sentUntil) this.#send(now, entry);
    }
  }

  #observeHeldBack(now: number): void {
    if (this.#out.holdsBack?.(this.#to) === true) this.#heldBackAt = now;
  }

  #at(index: number): Entry {
    return this.#entries[(this.#head + index) & (this.#entries.length - 1)]!;
  }

  #grow(): void {
    const { length } = this.#entries;
    // An array that is made with its length has room for no more than that; one that is filled by `push` has.
    const entries = new Array<Entry>(Math.max(CAPACITY_INITIAL, length * 2));
    for (let index = 0; index < entries.length; index += 1) {
      entries[index] =
        index < length ? this.#at(index) : { message: null, sentAt: 0, state: State.waiting };
    }
    this.#entries = entries;
    this.#head = 0;
  }

  /** How many messages from the first unacknowledged on may be transmitted. */
  #limit(): number {
    // On a suspended channel one message is under way, so that its acknowledgement can tell of life.
    return this.#suspended ? 1 : this.#window.size;
  }

  #fill(now: number): void {
    const limit = this.#limit();
    while (this.#flying < this.#outstanding && this.#flying < limit) {
      const entry = this.#at(this.#flying);
      this.#flying += 1;
      this.#send(now, entry);
    }
  }

  #send(now: number, entry: Entry): void {
    entry.sentAt = now;
    entry.state = entry.state === State.waiting ? State.sent : State.sentAgain;
    // This may be too early, as the timeout may be backing off: `advance` looks again.
    const deadline = now + this.#roundTrip.timeoutUsMin;
    if (deadline < this.deadline) this.deadline = deadline;
    this.#out.send(this.#to, entry.message!);
  }

  /** Marks the numbers `first` to `end`, as far as they are under way, as arrived. */
  #mark(now: number, first: number, end: number): void {
    const from = Math.max(first - this.#base, 0);
    const to = Math.min(end - this.#base, this.#flying - 1);
    for (let index = from; index <= to; index += 1) {
      const entry = this.#at(index);
      if (entry.state === State.acknowledged) continue;
      const elapsedUs = now - entry.sentAt;
      const isFirst = entry.state === State.sent;
      entry.state = State.acknowledged;
      this.#arrived += 1;
      if (isFirst) this.#sampleUs = elapsedUs;
      else if (elapsedUs < this.#roundTrip.us) {
        this.#roundTrip.wasOnlyLate();
        this.#window.onlyLate();
      }
      // An acknowledgement that comes less than a round trip after a retransmission is about an
      // earlier transmission.
      if ((isFirst || elapsedUs >= this.#roundTrip.us) && entry.sentAt > this.#arrivedSentAt) {
        this.#arrivedSentAt = entry.sentAt;
      }
    }
  }

  #retransmitBelow(now: number, highest: number): void {
    const { reorderingUs } = this.#roundTrip;
    const arrivedSentAt = this.#arrivedSentAt - reorderingUs;
    const overdueSentAt = now - this.#roundTrip.us - reorderingUs;
    const end = Math.min(this.#flying, this.#limit(), highest - this.#base);
    for (let index = 0; index < end; index += 1) {
      const entry = this.#at(index);
      if (entry.state === State.acknowledged) continue;
      // Where delays differ much, three later messages often overtake one that is not late at all;
      // so this one must be overdue as well.
      const isOvertaken =
        entry.state === State.sent &&
        this.#base + index <= highest - REORDERING_MAX &&
        entry.sentAt < overdueSentAt;
      if (!isOvertaken && entry.sentAt >= arrivedSentAt) continue;
      this.#window.lost(this.#base + index, this.#base + this.#flying - 1);
      this.#send(now, entry);
    }
  }

  #dropAcknowledged(): void {
    if (this.#flying === 0) return;
    let entry = this.#at(0);
    if (entry.state !== State.acknowledged) return;
    do {
      entry.message = null;
      this.#head = (this.#head + 1) & (this.#entries.length - 1);
      this.#base += 1;
      this.#outstanding -= 1;
      this.#flying -= 1;
      entry = this.#at(0);
    } while (this.#flying > 0 && entry.state === State.acknowledged);
  }
}

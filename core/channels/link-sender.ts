import { CongestionWindow } from './congestion-window.ts';
import type { Message } from '../message.ts';
import type { Out } from '../ordering.ts';

/** RFC 6298: 1 s before the first measurement; its 1 s minimum is TCP's, here 200 ms as in Linux. */
const TIMEOUT_US_INITIAL = 1_000_000;
const TIMEOUT_US_MIN = 200_000;
const TIMEOUT_US_MAX = 2_000_000;
/** Expiries double it so often at most: a message waits for one channel only, not for a network. */
const BACKOFF_MAX = 4;
/** RFC 6675: a message is lost once one that was sent this much later arrived. */
const REORDERING_MAX = 3;

const CAPACITY_INITIAL = 4;

/** What became of a message: it waits for room, flies for the first time, flies again, or arrived. */
const State = { waiting: 0, sent: 1, sentAgain: 2, acknowledged: 3 } as const;

interface Entry {
  message: Message | null;
  /** When it was last transmitted; meaningless while it waits. */
  sentAt: number;
  /** One of `State`. */
  state: number;
}

/**
 * The sending end of one reliable channel: numbers messages from 1, keeps each until it is
 * acknowledged, and transmits again what was lost: after a timeout (RFC 6298, doubled at an expiry,
 * measured on messages transmitted once: Karn 1987), once three later ones arrived (RFC 6675), or once
 * one arrived that was transmitted a good deal later, however often it was lost before (RFC 8985).
 *
 * Its queue is bounded by what the ordering above it emits in a run. Entries are used again, as a
 * channel may carry millions of messages with a few under way: nothing is allocated for each.
 */
export class LinkSender {
  readonly #out: Out;
  readonly #to: number;
  /** A ring, its length a power of two: number `#base + i` is entry `#head + i`, the first unacknowledged. */
  #entries: Entry[] = [];
  #head = 0;
  #base = 1;
  #outstanding = 0;
  /** How many entries were transmitted at least once. */
  #flying = 0;
  #timeoutUs = TIMEOUT_US_INITIAL;
  #backoff = 1;
  /** When the latest of the transmissions that surely arrived was made. */
  #arrivedSentAt = 0;
  /** A round trip that the acknowledgement at hand measured; negative: none. */
  #sampleUs = -1;
  /** How many messages it told the arrival of. */
  #arrived = 0;
  #roundTripUs = 0;
  #deviationUs = 0;
  #suspended = false;
  readonly #window = new CongestionWindow();
  /** Messages whose timeout passed wait for those before them: the window shrank. */
  #isBehind = false;
  /** Never later than the first timeout, so that no scan is needed to move it: `advance` corrects it. */
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
   * The other end has every number up to `cumulative`, and the ranges in `ranges`: pairs of
   * (distance above `cumulative` of the first, how many).
   */
  acknowledge(now: number, cumulative: number, ranges: readonly number[]): void {
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
    if (this.#sampleUs >= 0) this.#measure(this.#sampleUs);
    this.#dropAcknowledged();
    if (this.#arrived > 0) this.#window.arrived(this.#arrived, underWay);
    if (highest > this.#base) this.#retransmitBelow(now, highest);
    if (this.#isBehind && this.#base > base) this.deadline = Math.min(this.deadline, now);
    this.#fill(now);
  }

  /** The other end seems dead: until `resume`, only the oldest message is tried. */
  suspend(): void {
    this.#suspended = true;
  }

  /** The other end lives: what should have been transmitted meanwhile is. */
  resume(now: number): void {
    this.#suspended = false;
    this.#backoff = 1;
    // The deadline was the oldest message's alone.
    this.deadline = Math.min(this.deadline, now);
    this.advance(now);
    this.#fill(now);
  }

  /** Transmits again everything whose timeout passed, as far as the window allows. */
  advance(now: number): void {
    if (now < this.deadline) return;
    let expired = 0;
    let earliest = Infinity;
    const timeoutUs = Math.min(this.#timeoutUs * this.#backoff, TIMEOUT_US_MAX);
    const end = Math.min(this.#flying, this.#limit);
    for (let index = 0; index < end; index += 1) {
      const entry = this.#at(index);
      if (entry.state === State.acknowledged) continue;
      const isExpired = entry.sentAt + timeoutUs <= now;
      if (isExpired) {
        this.#send(now, entry);
        if (expired === 0) expired = this.#base + index;
      }
      earliest = Math.min(earliest, entry.sentAt);
      // What follows was transmitted later, for the first time or again.
      if (!isExpired && entry.state === State.sent) break;
    }
    if (expired > 0) {
      this.#backoff = Math.min(this.#backoff * 2, BACKOFF_MAX);
      this.#window.expired(expired, this.#base + this.#flying - 1);
    }
    this.#isBehind = this.#flying > this.#limit;
    this.deadline = earliest + Math.min(this.#timeoutUs * this.#backoff, TIMEOUT_US_MAX);
  }

  #at(index: number): Entry {
    return this.#entries[(this.#head + index) & (this.#entries.length - 1)]!;
  }

  #grow(): void {
    const { length } = this.#entries;
    const entries: Entry[] = [];
    for (let index = 0; index < length; index += 1) entries.push(this.#at(index));
    while (entries.length < Math.max(CAPACITY_INITIAL, length * 2)) {
      entries.push({ message: null, sentAt: 0, state: State.waiting });
    }
    this.#entries = entries;
    this.#head = 0;
  }

  /** How many messages from the first unacknowledged on may be transmitted. */
  get #limit(): number {
    // Of a suspended channel one message flies, so that its acknowledgement can tell of life.
    return this.#suspended ? 1 : this.#window.size;
  }

  #fill(now: number): void {
    const limit = this.#limit;
    while (this.#flying < this.#outstanding && this.#flying < limit) {
      const entry = this.#at(this.#flying);
      this.#flying += 1;
      this.#send(now, entry);
    }
  }

  #send(now: number, entry: Entry): void {
    entry.sentAt = now;
    entry.state = entry.state === State.waiting ? State.sent : State.sentAgain;
    // Perhaps too early, as the timeout may be backing off: `advance` looks again.
    const deadline = now + this.#timeoutUs;
    if (deadline < this.deadline) this.deadline = deadline;
    this.#out.send(this.#to, entry.message!);
  }

  /** Numbers `first` to `end`, as far as they fly, have arrived. */
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
      // Sooner than a round trip after a repetition it speaks of an earlier transmission.
      if ((isFirst || elapsedUs >= this.#roundTripUs) && entry.sentAt > this.#arrivedSentAt) {
        this.#arrivedSentAt = entry.sentAt;
      }
    }
  }

  #retransmitBelow(now: number, highest: number): void {
    const reorderingUs = this.#reorderingUs;
    const arrivedSentAt = this.#arrivedSentAt - reorderingUs;
    const overdueSentAt = now - this.#roundTripUs - reorderingUs;
    const end = Math.min(this.#flying, this.#limit, highest - this.#base);
    for (let index = 0; index < end; index += 1) {
      const entry = this.#at(index);
      if (entry.state === State.acknowledged) continue;
      // Where delays differ much, being overtaken by three is nothing unusual for one that is not late.
      const isOvertaken =
        entry.state === State.sent &&
        this.#base + index <= highest - REORDERING_MAX &&
        entry.sentAt < overdueSentAt;
      if (!isOvertaken && entry.sentAt >= arrivedSentAt) continue;
      this.#window.lost(this.#base + index, this.#base + this.#flying - 1);
      this.#send(now, entry);
    }
  }

  /** How much later a transmission must be to show that an earlier one is lost (RFC 8985). */
  get #reorderingUs(): number {
    return this.#roundTripUs / 4 + this.#deviationUs;
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
    if (this.#flying === 0) this.deadline = Infinity;
    // All behind it were transmitted later, for the first time or again.
    else if (entry.state === State.sent) this.deadline = entry.sentAt + this.#timeoutUs;
  }

  /** RFC 6298, section 2, with the clock's granularity below the minimum anyway. */
  #measure(sampleUs: number): void {
    if (this.#roundTripUs === 0) {
      this.#roundTripUs = sampleUs;
      this.#deviationUs = sampleUs / 2;
    } else {
      const error = Math.abs(this.#roundTripUs - sampleUs);
      this.#deviationUs = 0.75 * this.#deviationUs + 0.25 * error;
      this.#roundTripUs = 0.875 * this.#roundTripUs + 0.125 * sampleUs;
    }
    const timeout = Math.ceil(this.#roundTripUs + 4 * this.#deviationUs);
    this.#timeoutUs = Math.min(Math.max(timeout, TIMEOUT_US_MIN), TIMEOUT_US_MAX);
    this.#backoff = 1;
  }
}

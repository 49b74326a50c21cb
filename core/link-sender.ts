import { type Message } from './message.ts';

/** Unacknowledged messages at most under way to one member; more wait their turn. */
export const LINK_WINDOW = 1_024;

/** RFC 6298: 1 s before the first measurement; its 1 s minimum is TCP's, here 200 ms as in Linux. */
const TIMEOUT_US_INITIAL = 1_000_000;
const TIMEOUT_US_MIN = 200_000;
const TIMEOUT_US_MAX = 2_000_000;
/** Expiries double it so often at most: a message waits for one channel only, not for a network. */
const BACKOFF_MAX = 4;
/** RFC 6675: a message is lost once one that was sent this much later arrived. */
const REORDERING_MAX = 3;

/** Acknowledged messages are let go of in one go, once there are more, and more than others. */
const ACKNOWLEDGED_KEPT_MIN = 64;

interface Entry {
  readonly message: Message;
  /** When it was last transmitted; meaningless while it waits. */
  sentAt: number;
  transmissions: number;
  acknowledged: boolean;
}

/**
 * The sending end of one reliable channel: numbers messages from 1, keeps each until it is
 * acknowledged, and transmits again what was lost: after a timeout (RFC 6298, doubled at an expiry,
 * measured on messages transmitted once: Karn 1987), once three later ones arrived (RFC 6675), or once
 * one arrived that was transmitted a good deal later, however often it was lost before (RFC 8985).
 *
 * Its queue is bounded by what the ordering above it emits in a run.
 */
export class LinkSender {
  readonly #transmit: (message: Message) => void;
  /**
   * From `#head` on: entry `#head + i` carries number `#base + i`; the first is never acknowledged.
   * What lies before `#head` was acknowledged, and is cut off now and then: not each time, because
   * that moves all the others.
   */
  readonly #entries: Entry[] = [];
  #head = 0;
  #base = 1;
  /** How many entries were transmitted at least once. */
  #flying = 0;
  #timeoutUs = TIMEOUT_US_INITIAL;
  #backoff = 1;
  /** When the latest of the transmissions that surely arrived was made. */
  #arrivedSentAt = 0;
  #roundTripUs = 0;
  #deviationUs = 0;
  #suspended = false;
  /** Never later than the first timeout, so that no scan is needed to move it: `advance` corrects it. */
  deadline = Infinity;

  constructor(transmit: (message: Message) => void) {
    this.#transmit = transmit;
  }

  /** Messages that the other end has not acknowledged. */
  get outstanding(): number {
    return this.#entries.length - this.#head;
  }

  /** The number that the next message gets. */
  get next(): number {
    return this.#base + this.outstanding;
  }

  /** Sends `numbered`, which carries the number `next`, now or when the window has room. */
  offer(now: number, numbered: Message): void {
    this.#entries.push({ message: numbered, sentAt: 0, transmissions: 0, acknowledged: false });
    this.#fill(now);
  }

  /**
   * The other end has every number up to `cumulative`, and the ranges in `ranges`: pairs of
   * (distance above `cumulative` of the first, how many).
   */
  acknowledge(now: number, cumulative: number, ranges: readonly number[]): void {
    let sample = -1;
    let highest = cumulative;
    const mark = (number: number): void => {
      const entry = this.#entries[this.#head + number - this.#base];
      if (entry === undefined || entry.acknowledged || entry.transmissions === 0) return;
      entry.acknowledged = true;
      if (entry.transmissions === 1) sample = now - entry.sentAt;
      // Sooner than a round trip after a repetition it speaks of an earlier transmission.
      if (entry.transmissions === 1 || now - entry.sentAt >= this.#roundTripUs) {
        this.#arrivedSentAt = Math.max(this.#arrivedSentAt, entry.sentAt);
      }
    };
    const last = this.#base + this.#flying - 1;
    for (let number = this.#base; number <= Math.min(cumulative, last); number += 1) mark(number);
    for (let index = 0; index + 1 < ranges.length; index += 2) {
      const first = cumulative + ranges[index]!;
      const end = Math.min(first + ranges[index + 1]! - 1, last);
      for (let number = Math.max(first, this.#base); number <= end; number += 1) mark(number);
      highest = Math.max(highest, end);
    }
    if (sample >= 0) this.#measure(sample);
    this.#dropAcknowledged();
    this.#retransmitBelow(now, highest);
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

  /** Transmits again everything whose timeout passed. */
  advance(now: number): void {
    if (now < this.deadline) return;
    let expired = false;
    let earliest = Infinity;
    const timeoutUs = Math.min(this.#timeoutUs * this.#backoff, TIMEOUT_US_MAX);
    const end = this.#suspended ? Math.min(this.#flying, 1) : this.#flying;
    for (let index = 0; index < end; index += 1) {
      const entry = this.#entries[this.#head + index]!;
      if (entry.acknowledged) continue;
      const isExpired = entry.sentAt + timeoutUs <= now;
      if (isExpired) {
        this.#send(now, entry);
        expired = true;
      }
      earliest = Math.min(earliest, entry.sentAt);
      // What follows was transmitted later, for the first time or again.
      if (!isExpired && entry.transmissions === 1) break;
    }
    if (expired) this.#backoff = Math.min(this.#backoff * 2, BACKOFF_MAX);
    this.deadline = earliest + Math.min(this.#timeoutUs * this.#backoff, TIMEOUT_US_MAX);
  }

  #fill(now: number): void {
    // Of a suspended channel one message flies, so that its acknowledgement can tell of life.
    const window = this.#suspended ? 1 : LINK_WINDOW;
    while (this.#flying < this.outstanding && this.#flying < window) {
      this.#send(now, this.#entries[this.#head + this.#flying]!);
      this.#flying += 1;
    }
  }

  #send(now: number, entry: Entry): void {
    entry.sentAt = now;
    entry.transmissions += 1;
    // Perhaps too early, as the timeout may be backing off: `advance` looks again.
    this.deadline = Math.min(this.deadline, now + this.#timeoutUs);
    this.#transmit(entry.message);
  }

  #retransmitBelow(now: number, highest: number): void {
    const reorderingUs = this.#reorderingUs;
    const arrivedSentAt = this.#arrivedSentAt - reorderingUs;
    const overdueSentAt = now - this.#roundTripUs - reorderingUs;
    for (let index = 0; index < this.#flying && this.#base + index < highest; index += 1) {
      const entry = this.#entries[index]!;
      if (entry.acknowledged) continue;
      // Where delays differ much, being overtaken by three is nothing unusual for one that is not late.
      const isOvertaken =
        entry.transmissions === 1 &&
        this.#base + index <= highest - REORDERING_MAX &&
        entry.sentAt < overdueSentAt;
      if (isOvertaken || entry.sentAt < arrivedSentAt) this.#send(now, entry);
    }
  }

  /** How much later a transmission must be to show that an earlier one is lost (RFC 8985). */
  get #reorderingUs(): number {
    return this.#roundTripUs / 4 + this.#deviationUs;
  }

  #dropAcknowledged(): void {
    let done = 0;
    while (done < this.#flying && this.#entries[this.#head + done]!.acknowledged) done += 1;
    if (done === 0) return;
    this.#head += done;
    if (this.#head > ACKNOWLEDGED_KEPT_MIN && 2 * this.#head > this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
    this.#base += done;
    this.#flying -= done;
    if (this.#flying === 0) this.deadline = Infinity;
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

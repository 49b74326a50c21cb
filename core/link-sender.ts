import { type Message } from './message.ts';

/** Unacknowledged messages at most under way to one member; more wait their turn. */
export const LINK_WINDOW = 1_024;

/** RFC 6298: 1 s before the first measurement; its 1 s minimum is TCP's, here 200 ms as in Linux. */
const TIMEOUT_US_INITIAL = 1_000_000;
const TIMEOUT_US_MIN = 200_000;
const TIMEOUT_US_MAX = 2_000_000;
/** RFC 6675: a message is lost once one that was sent this much later arrived. */
const REORDERING_MAX = 3;

interface Entry {
  readonly message: Message;
  /** When it was last transmitted; meaningless while it waits. */
  sentAt: number;
  transmissions: number;
  acknowledged: boolean;
}

/**
 * The sending end of one reliable channel: numbers messages from 1, keeps each until it is
 * acknowledged, and transmits again what was lost: after a timeout (RFC 6298, doubled at each expiry,
 * measured on messages transmitted once: Karn 1987), or once three later ones arrived (RFC 6675).
 *
 * Its queue is bounded by what the ordering above it emits in a run.
 */
export class LinkSender {
  readonly #transmit: (message: Message) => void;
  /** Entry i carries number `#base + i`; the first is never acknowledged. */
  #entries: Entry[] = [];
  #base = 1;
  /** How many entries were transmitted at least once. */
  #flying = 0;
  #timeoutUs = TIMEOUT_US_INITIAL;
  #roundTripUs = 0;
  #deviationUs = 0;
  /** Never later than the first timeout, so that no scan is needed to move it: `advance` corrects it. */
  deadline = Infinity;

  constructor(transmit: (message: Message) => void) {
    this.#transmit = transmit;
  }

  /** Messages that the other end has not acknowledged. */
  get outstanding(): number {
    return this.#entries.length;
  }

  offer(now: number, message: Message): void {
    const numbered = message.onLink(this.#base + this.#entries.length);
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
      const entry = this.#entries[number - this.#base];
      if (entry === undefined || entry.acknowledged || entry.transmissions === 0) return;
      entry.acknowledged = true;
      if (entry.transmissions === 1) sample = now - entry.sentAt;
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
    this.#retransmitBelow(now, highest - REORDERING_MAX);
    this.#fill(now);
  }

  /** Transmits again everything whose timeout passed. */
  advance(now: number): void {
    if (now < this.deadline) return;
    let expired = false;
    let earliest = Infinity;
    for (let index = 0; index < this.#flying; index += 1) {
      const entry = this.#entries[index]!;
      if (entry.acknowledged) continue;
      if (entry.sentAt + this.#timeoutUs <= now) {
        this.#send(now, entry);
        expired = true;
      }
      earliest = Math.min(earliest, entry.sentAt);
    }
    if (expired) this.#timeoutUs = Math.min(this.#timeoutUs * 2, TIMEOUT_US_MAX);
    this.deadline = earliest + this.#timeoutUs;
  }

  #fill(now: number): void {
    while (this.#flying < this.#entries.length && this.#flying < LINK_WINDOW) {
      this.#send(now, this.#entries[this.#flying]!);
      this.#flying += 1;
    }
  }

  #send(now: number, entry: Entry): void {
    entry.sentAt = now;
    entry.transmissions += 1;
    this.deadline = Math.min(this.deadline, now + this.#timeoutUs);
    this.#transmit(entry.message);
  }

  #retransmitBelow(now: number, limit: number): void {
    for (let index = 0; index < this.#flying && this.#base + index <= limit; index += 1) {
      const entry = this.#entries[index]!;
      // A second loss of the same message waits for the timeout: acknowledgements cannot tell them apart.
      if (!entry.acknowledged && entry.transmissions === 1) this.#send(now, entry);
    }
  }

  #dropAcknowledged(): void {
    let done = 0;
    while (done < this.#flying && this.#entries[done]!.acknowledged) done += 1;
    if (done === 0) return;
    this.#entries.splice(0, done);
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
  }
}

/**
 * The acknowledgement of in-order messages waits for at most this long, so that it can cover several, or
 * share a datagram with a message (RFC 1122, section 4.2.3.2: below 500 ms).
 */
export const ACKNOWLEDGE_US_MAX = 100_000;
/**
 * The retransmission timeout of RFC 6298: 1 s before the first measurement. The RFC's minimum of 1
 * s is meant for TCP; here it is 200 ms, as in Linux. Its maximum may be no less than 60 s; here it is 2 s, as a channel
 * that times out sends no more again than one message, or a window of 128.
 */
const TIMEOUT_US_INITIAL = 1_000_000;
const TIMEOUT_US_MIN = 200_000;
const TIMEOUT_US_MAX = 2_000_000;
/**
 * Expiries multiply the timeout by at most this factor: a message waits for one channel only, not
 * for a network.
 */
const BACKOFF_MAX = 4;
/**
 * The first timeout after anything arrived only asks whether something was lost, and the next one is as
 * short (the tail loss probe of RFC 8985, section 7); this number of timeouts, and each further one, double it.
 */
const EXPIRIES_OF_BACKOFF = 2;
/** A message may be later than those sent after it by this many times the least at most. */
const LATENESS_MAX = 4;
/** Sixteen true losses make up for one that was none (RFC 8985, section 6.2). */
const LATENESS_DECAY = 1 / 16;
/** The least time that a message may be later than those sent after it: the granularity of RFC 9002, 6.1.2. */
const REORDERING_US_MIN = 1_000;
/**
 * An acknowledgement that comes earlier than this share of a round trip after a retransmission is about
 * the transmission before it. Round trips differ, so it is less than 1.
 */
const PLAUSIBLE = 0.75;

/** What is known of one channel: a row of this many numbers, at these places. */
const ROW = 7;
const SMOOTHED_US = 0;
const DEVIATION_US = 1;
const TIMEOUT_US = 2;
const BACKOFF = 3;
/** How many times the least a message may be later than those sent after it. */
const LATENESS = 4;
/** When the latest of the transmissions that surely arrived was made, and how long its round trip took. */
const ARRIVED_SENT_AT = 5;
const ARRIVED_AFTER_US = 6;

/**
 * What the acknowledgements of each channel tell about time: how long a round trip takes, how long to
 * wait for one (RFC 6298), and when a message that others overtook is lost (RFC 8985). The
 * channels of one member are rows of one array (link-senders.ts says why), and named by their numbers.
 */
export class RoundTrips {
  readonly #numbers: Float64Array;

  constructor(channels: number) {
    this.#numbers = new Float64Array(channels * ROW);
    for (let row = 0; row < this.#numbers.length; row += ROW) {
      this.#numbers[row + TIMEOUT_US] = TIMEOUT_US_INITIAL;
      this.#numbers[row + BACKOFF] = 1;
      this.#numbers[row + LATENESS] = 1;
    }
  }

  /** The smoothed round trip, in microseconds; 0 before the first measurement. */
  smoothedUs(channel: number): number {
    return this.#numbers[channel * ROW + SMOOTHED_US]!;
  }

  /** How long to wait for an acknowledgement: longer after each timeout that passed. */
  timeoutUs(channel: number): number {
    const backoff = this.#numbers[channel * ROW + BACKOFF]!;
    return Math.min(this.timeoutUsMin(channel) * backoff, TIMEOUT_US_MAX);
  }

  /**
   * From when the timeout of a message that was transmitted at `sentAt` runs: from then, or so much later that it
   * may take as long as the latest that arrived, if that took longer than usual.
   */
  timedFrom(channel: number, sentAt: number): number {
    const row = channel * ROW;
    const expectedUs = this.#numbers[row + ARRIVED_AFTER_US]! + this.#allowanceUs(row);
    return sentAt + Math.max(expectedUs - this.timeoutUsMin(channel), 0);
  }

  /** The shortest that `timeoutUs` can be before another measurement. */
  timeoutUsMin(channel: number): number {
    return this.#numbers[channel * ROW + TIMEOUT_US]!;
  }

  /**
   * How much later than those sent after it a message may be (RFC 8985, section 6.2): a quarter of a round
   * trip, or less on a path whose round trips hardly differ; more after a loss that was none.
   */
  reorderingUs(channel: number): number {
    const numbers = this.#numbers;
    const row = channel * ROW;
    const leastUs = Math.min(numbers[row + SMOOTHED_US]! / 4, 4 * numbers[row + DEVIATION_US]!);
    return Math.max(numbers[row + LATENESS]! * leastUs, REORDERING_US_MIN);
  }

  /** When the latest of the transmissions that surely arrived was made. */
  arrivedSentAt(channel: number): number {
    return this.#numbers[channel * ROW + ARRIVED_SENT_AT]!;
  }

  /** How long after its transmission a message counts as lost, if one that was sent later has arrived. */
  overtakenUs(channel: number): number {
    return this.#numbers[channel * ROW + ARRIVED_AFTER_US]! + this.reorderingUs(channel);
  }

  /** Notes that what was transmitted at `sentAt` is acknowledged, after a round trip of `afterUs`. */
  arrived(channel: number, sentAt: number, afterUs: number): void {
    const row = channel * ROW;
    if (sentAt < this.#numbers[row + ARRIVED_SENT_AT]!) return;
    this.#numbers[row + ARRIVED_SENT_AT] = sentAt;
    this.#numbers[row + ARRIVED_AFTER_US] = afterUs;
  }

  /** Whether an acknowledgement `elapsedUs` after a retransmission is about the transmission before it. */
  isTooSoon(channel: number, elapsedUs: number): boolean {
    return elapsedUs < PLAUSIBLE * this.smoothedUs(channel);
  }

  /**
   * Takes in one round trip, without what the acknowledgement waited, as RFC 6298, section 2, has it. The
   * first deviation is a quarter of the round trip, not half: some channels carry ten messages in a run.
   * The timeout has room for the longest wait of an acknowledgement (RFC 9002, section 6.2.1).
   */
  measure(channel: number, sampleUs: number): void {
    const numbers = this.#numbers;
    const row = channel * ROW;
    let smoothedUs = numbers[row + SMOOTHED_US]!;
    let deviationUs = numbers[row + DEVIATION_US]!;
    if (smoothedUs === 0) {
      smoothedUs = sampleUs;
      deviationUs = sampleUs / 4;
    } else {
      deviationUs = 0.75 * deviationUs + 0.25 * Math.abs(smoothedUs - sampleUs);
      smoothedUs = 0.875 * smoothedUs + 0.125 * sampleUs;
    }
    numbers[row + SMOOTHED_US] = smoothedUs;
    numbers[row + DEVIATION_US] = deviationUs;
    const timeoutUs = Math.ceil(smoothedUs + this.#allowanceUs(row));
    numbers[row + TIMEOUT_US] = Math.min(Math.max(timeoutUs, TIMEOUT_US_MIN), TIMEOUT_US_MAX);
    numbers[row + BACKOFF] = 1;
  }

  /** How much longer than expected an acknowledgement may take: late, and waiting at the other end. */
  #allowanceUs(row: number): number {
    return 4 * this.#numbers[row + DEVIATION_US]! + ACKNOWLEDGE_US_MAX;
  }

  /** Notes that the timeout passed, `expiries` times since anything arrived. */
  expired(channel: number, expiries: number): void {
    const place = channel * ROW + BACKOFF;
    if (expiries < EXPIRIES_OF_BACKOFF) return;
    this.#numbers[place] = Math.min(this.#numbers[place]! * 2, BACKOFF_MAX);
  }

  /** Waits no longer than at first, as the other end lives after all. */
  restart(channel: number): void {
    this.#numbers[channel * ROW + BACKOFF] = 1;
  }

  /** Waits longer for late messages, as RFC 8985, section 6.2, does when it retransmitted for nothing. */
  wasOnlyLate(channel: number): void {
    const place = channel * ROW + LATENESS;
    this.#numbers[place] = Math.min(this.#numbers[place]! + 1, LATENESS_MAX);
  }

  /**
   * Notes that a retransmission was needed, and arrived within `elapsedUs`. If that is longer than the
   * timeout, it measures nothing, but tells that the timeout is too short, and its backing off stays.
   */
  wasLost(channel: number, elapsedUs: number): void {
    const place = channel * ROW + LATENESS;
    this.#numbers[place] = Math.max(this.#numbers[place]! - LATENESS_DECAY, 1);
    if (elapsedUs <= this.timeoutUsMin(channel)) this.restart(channel);
  }
}

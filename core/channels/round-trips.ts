/**
 * The retransmission timeout of RFC 6298: 1 s before the first measurement. The RFC's minimum of 1
 * s is meant for TCP; here it is 200 ms, as in Linux.
 */
const TIMEOUT_US_INITIAL = 1_000_000;
export const TIMEOUT_US_MIN = 200_000;
const TIMEOUT_US_MAX = 2_000_000;
/**
 * Expiries multiply the timeout by at most this factor: a message waits for one channel only, not
 * for a network.
 */
const BACKOFF_MAX = 4;
/** A message may be later than those sent after it by this many quarters of a round trip at most. */
const LATENESS_MAX = 4;

/** What is known of one channel: a row of this many numbers, at these places. */
const ROW = 5;
const SMOOTHED_US = 0;
const DEVIATION_US = 1;
const TIMEOUT_US = 2;
const BACKOFF = 3;
/** How many quarters of a round trip a message may be later than those sent after it. */
const LATENESS = 4;

/**
 * What the acknowledgements of each channel tell about time: how long a round trip takes, how long to
 * wait for one (RFC 6298), and how much later than its successors a message may be (RFC 8985). The
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

  /** The shortest that `timeoutUs` can be before another measurement. */
  timeoutUsMin(channel: number): number {
    return this.#numbers[channel * ROW + TIMEOUT_US]!;
  }

  /** How much later a transmission must be to show that an earlier one is lost (RFC 8985). */
  reorderingUs(channel: number): number {
    const numbers = this.#numbers;
    const row = channel * ROW;
    return (
      (numbers[row + LATENESS]! * numbers[row + SMOOTHED_US]!) / 4 + numbers[row + DEVIATION_US]!
    );
  }

  /** Takes in one round trip, as RFC 6298, section 2, has it; the clock is finer than the minimum. */
  measure(channel: number, sampleUs: number): void {
    const numbers = this.#numbers;
    const row = channel * ROW;
    let smoothedUs = numbers[row + SMOOTHED_US]!;
    let deviationUs = numbers[row + DEVIATION_US]!;
    if (smoothedUs === 0) {
      smoothedUs = sampleUs;
      deviationUs = sampleUs / 2;
    } else {
      deviationUs = 0.75 * deviationUs + 0.25 * Math.abs(smoothedUs - sampleUs);
      smoothedUs = 0.875 * smoothedUs + 0.125 * sampleUs;
    }
    const timeoutUs = Math.ceil(smoothedUs + 4 * deviationUs);
    numbers[row + SMOOTHED_US] = smoothedUs;
    numbers[row + DEVIATION_US] = deviationUs;
    numbers[row + TIMEOUT_US] = Math.min(Math.max(timeoutUs, TIMEOUT_US_MIN), TIMEOUT_US_MAX);
    numbers[row + BACKOFF] = 1;
  }

  /** Notes that the timeout passed. */
  expired(channel: number): void {
    const place = channel * ROW + BACKOFF;
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
}

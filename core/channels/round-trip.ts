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

/**
 * What the acknowledgements of one channel tell about time: how long a round trip takes, how long to
 * wait for one (RFC 6298), and how much later than its successors a message may be (RFC 8985).
 */
export class RoundTrip {
  /** The smoothed round trip, in microseconds; 0 before the first measurement. */
  us = 0;
  #deviationUs = 0;
  #timeoutUs = TIMEOUT_US_INITIAL;
  #backoff = 1;
  /** How many quarters of a round trip a message may be later than those sent after it. */
  #lateness = 1;

  /** How long to wait for an acknowledgement: longer after each timeout that passed. */
  get timeoutUs(): number {
    return Math.min(this.#timeoutUs * this.#backoff, TIMEOUT_US_MAX);
  }

  /** The shortest that `timeoutUs` can be before another measurement. */
  get timeoutUsMin(): number {
    return this.#timeoutUs;
  }

  /** How much later a transmission must be to show that an earlier one is lost (RFC 8985). */
  get reorderingUs(): number {
    return (this.#lateness * this.us) / 4 + this.#deviationUs;
  }

  /** Takes in one round trip, as RFC 6298, section 2, has it; the clock is finer than the minimum. */
  measure(sampleUs: number): void {
    if (this.us === 0) {
      this.us = sampleUs;
      this.#deviationUs = sampleUs / 2;
    } else {
      const error = Math.abs(this.us - sampleUs);
      this.#deviationUs = 0.75 * this.#deviationUs + 0.25 * error;
      this.us = 0.875 * this.us + 0.125 * sampleUs;
    }
    const timeout = Math.ceil(this.us + 4 * this.#deviationUs);
    this.#timeoutUs = Math.min(Math.max(timeout, TIMEOUT_US_MIN), TIMEOUT_US_MAX);
    this.#backoff = 1;
  }

  /** Notes that the timeout passed. */
  expired(): void {
    this.#backoff = Math.min(this.#backoff * 2, BACKOFF_MAX);
  }

  /** Waits no longer than at first, as the other end lives after all. */
  restart(): void {
    this.#backoff = 1;
  }

  /** Waits longer for late messages, as RFC 8985, section 6.2, does when it retransmitted for nothing. */
  wasOnlyLate(): void {
    this.#lateness = Math.min(this.#lateness + 1, LATENESS_MAX);
  }
}

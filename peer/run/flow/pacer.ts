/** How many datagrams may leave at once: the initial window of RFC 9002 (section 7.2). */
const BURST = 10;
/** The part of a burst (one half) for which is waited: a sender that was woken for each datagram would do nothing else. */
const WAITS_FOR = BURST / 2;
/** How much faster than a window a round trip datagrams leave, so that pacing alone leaves no window unused (RFC 9002). */
const GAIN = 1.25;

/**
 * Spreads what a window lets leave over the round trip in which it may (RFC 9002, section 7.7): a queue on the path that is
 * shorter than the window would lose the rest of a burst. It is a token bucket: a datagram takes one of at most BURST tokens,
 * which come back at GAIN times the window each round trip.
 */
export class Pacer {
  #tokens = BURST;
  /** When this number of them was there. */
  #at = 0;
  /** How long one takes to come back, in microseconds; 0: all are there at any time. */
  #distanceUs = 0;

  /** Whether a datagram may leave now. */
  admits(now: number): boolean {
    return this.#tokensAt(now) >= 1;
  }

  /** When half a burst may leave, if none may now. */
  get nextAt(): number {
    return this.#at + (WAITS_FOR - this.#tokens) * this.#distanceUs;
  }

  /** Notes that a datagram leaves. One that leaves without a token, to try whether it comes through, is no debt. */
  sent(now: number): void {
    this.#tokens = Math.max(0, this.#tokensAt(now) - 1);
    this.#at = now;
  }

  /** Sets the pace: GAIN times `window` datagrams each `roundTripUs`, which is 0 for a receiver that is no path away. */
  set(now: number, roundTripUs: number, window: number): void {
    this.#tokens = this.#tokensAt(now);
    this.#at = now;
    this.#distanceUs = roundTripUs / (GAIN * window);
  }

  #tokensAt(now: number): number {
    if (this.#distanceUs === 0) return BURST;
    return Math.min(BURST, this.#tokens + (now - this.#at) / this.#distanceUs);
  }
}

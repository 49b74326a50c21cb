import type { RoundTrips } from './round-trips.ts';

/** With fewer messages under way, the timeout of the next one does not begin anew when one arrives (RFC 7765). */
const RESTART_MIN = 4;

/** A channel has a row of times, in which these are the places: */
const TIMES = 2;
/** When the timer last began anew: because the oldest message arrived, or the timer had run out. */
const TIMED_FROM = 0;
/** A lower bound on the next timeout, which `isDue` tightens. */
const DEADLINE = 1;

/**
 * The retransmission timers of one member's channels: how long the oldest message of a channel has been under
 * way. They find what no later message tells of, such as the loss of the last one.
 */
export class RetransmissionTimers {
  readonly #roundTrips: RoundTrips;
  readonly #times: Float64Array;
  /** How many timeouts passed since anything arrived. */
  readonly #expiries: Int32Array;
  /** When messages were last seen to wait for room at the receiver: what waits is not lost. */
  readonly #heldBackAt = new Map<number, number>();

  constructor(channels: number, roundTrips: RoundTrips) {
    this.#roundTrips = roundTrips;
    this.#expiries = new Int32Array(channels);
    this.#times = new Float64Array(channels * TIMES);
    for (let channel = 0; channel < channels; channel += 1) {
      this.#times[channel * TIMES + TIMED_FROM] = -Infinity;
      this.#times[channel * TIMES + DEADLINE] = Infinity;
    }
  }

  /** A lower bound on the next timeout. */
  deadline(channel: number): number {
    return this.#times[channel * TIMES + DEADLINE]!;
  }

  /** Notes that a message is transmitted. */
  sent(now: number, channel: number): void {
    // This may be too early, as the timeout may be backing off: `isDue` looks again.
    const deadline = now + this.#roundTrips.timeoutUsMin(channel);
    const place = channel * TIMES + DEADLINE;
    if (deadline < this.#times[place]!) this.#times[place] = deadline;
  }

  /** Notes that messages wait at this member, for which the receiver has no room. */
  heldBack(now: number, channel: number): void {
    this.#heldBackAt.set(channel, now);
  }

  /** Notes that something arrived. */
  arrived(channel: number): void {
    this.#expiries[channel] = 0;
  }

  /**
   * Begins the timeout anew, because the oldest message arrived: of the next one, which was transmitted at
   * `firstSentAt`, or from now on if several are under way (RFC 6298, section 5).
   */
  restart(now: number, channel: number, underWay: number, firstSentAt: number): void {
    const isFew = underWay < RESTART_MIN;
    const from = isFew ? Math.min(this.#roundTrips.timedFrom(channel, firstSentAt), now) : now;
    this.#times[channel * TIMES + TIMED_FROM] = from;
    this.#times[channel * TIMES + DEADLINE] = from + this.#roundTrips.timeoutUsMin(channel);
  }

  /** Begins the timeout at `now`. */
  begin(now: number, channel: number): void {
    this.#times[channel * TIMES + TIMED_FROM] = now;
  }

  /** Stops the timer, as nothing is under way. */
  stop(channel: number): void {
    this.#times[channel * TIMES + DEADLINE] = Infinity;
  }

  /**
   * Whether the timeout has passed of the oldest message, which was transmitted at `firstSentAt`: it runs from when
   * that can have left, and anew when another one arrives.
   */
  isDue(now: number, channel: number, firstSentAt: number): boolean {
    const heldBackAt = this.#heldBackAt.get(channel) ?? -Infinity;
    const from = Math.max(firstSentAt, this.#times[channel * TIMES + TIMED_FROM]!, heldBackAt);
    const deadline = from + this.#roundTrips.timeoutUs(channel);
    this.#times[channel * TIMES + DEADLINE] = deadline;
    return deadline <= now;
  }

  /** Notes that the timeout passed; how often it did since anything arrived. */
  expired(now: number, channel: number): number {
    const expiries = (this.#expiries[channel]! += 1);
    this.#roundTrips.expired(channel, expiries);
    this.#times[channel * TIMES + DEADLINE] = now + this.#roundTrips.timeoutUs(channel);
    return expiries;
  }
}

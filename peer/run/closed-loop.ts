/** Own messages that are not delivered, at first, at least and at most. */
const WINDOW_INITIAL = 64;
const WINDOW_MIN = 16;
const WINDOW_MAX = 16_384;
/**
 * A delivery that takes so much longer than twice the shortest one seen waited for others of the group's:
 * a larger window would bring nothing but waiting.
 */
const WAIT_US_MAX = 8_000;
const GROWTH = 1.25;
const DECREASE = 0.7;

/**
 * Multicasting as fast as the ordering takes it (an interval of 0): a member's own messages that are not
 * delivered stay within a window. It grows while they are delivered soon, and shrinks when they are not:
 * then the group has more to do than it can, and a larger backlog would only be a longer wait. The delay
 * as the sign of congestion is that of TCP Vegas (Brakmo and Peterson 1995), once a round trip.
 */
export class ClosedLoop {
  #window = WINDOW_INITIAL;
  /** The message by which this round trip is measured, and when it was multicast; -1: none. */
  #probe = -1;
  #probedAt = 0;
  /** The shortest that a delivery took: about what the distance alone costs. */
  #shortestUs = Infinity;
  /** Whether the window was full meanwhile: otherwise nothing is known of whether it could be larger. */
  #wasFull = false;

  get window(): number {
    return Math.floor(this.#window);
  }

  /** How many more may be multicast, when `multicasts` were, of which `delivered` are delivered. */
  room(multicasts: number, delivered: number): number {
    const room = this.window - (multicasts - delivered);
    if (room <= 0) this.#wasFull = true;
    return Math.max(0, room);
  }

  /** Message `sequence` is multicast. */
  multicast(now: number, sequence: number): void {
    if (this.#probe >= 0) return;
    this.#probe = sequence;
    this.#probedAt = now;
    this.#wasFull = false;
  }

  /** `delivered` own messages are delivered by now. */
  observe(now: number, delivered: number): void {
    if (this.#probe < 0 || delivered <= this.#probe) return;
    const tookUs = now - this.#probedAt;
    this.#probe = -1;
    this.#shortestUs = Math.min(this.#shortestUs, tookUs);
    const isWaiting = tookUs > 2 * this.#shortestUs + WAIT_US_MAX;
    if (isWaiting) this.#window = Math.max(this.#window * DECREASE, WINDOW_MIN);
    else if (this.#wasFull) this.#window = Math.min(this.#window * GROWTH, WINDOW_MAX);
  }
}

/** The window, in own messages that are not delivered: at first, at least and at most. */
const WINDOW_INITIAL = 64;
const WINDOW_MIN = 16;
const WINDOW_MAX = 16_384;
/**
 * A delivery that takes more than twice the shortest one seen, and this much more, waited for the
 * group's other messages: a larger window would bring nothing but waiting.
 */
const WAIT_US_MAX = 8_000;
/** A group is near while its shortest delivery takes no longer than members may wait for each other anyway. */
const NEAR_US_MAX = WAIT_US_MAX;
const GROWTH = 1.25;
const DECREASE = 0.7;

/**
 * Multicasts as fast as the ordering takes messages (an interval of 0). The number of a member's own
 * messages that are not delivered stays within a window. The window grows while they are delivered
 * soon, and shrinks when they are not: then the group has more to do than it can, and a larger backlog
 * would only be a longer wait. Delay as the sign of congestion comes from TCP Vegas (Brakmo and
 * Peterson 1995); it is measured once a round trip.
 */
export class ClosedLoop {
  #window = WINDOW_INITIAL;
  /** The message by which this round trip is measured, and when it was multicast; -1: none. */
  #probe = -1;
  #probedAt = 0;
  /** The shortest time that a delivery took, by which a group is near or not. */
  #shortestUs = Infinity;
  /** What a delivery takes that waits for no backlog; those that take much longer make the window shrink. */
  #unhinderedUs = Infinity;
  /**
   * Whether the window was full since the probe: otherwise nothing is known of whether it could be
   * larger.
   */
  #wasFull = false;

  get window(): number {
    return Math.floor(this.#window);
  }

  /**
   * How many more messages may be multicast after `multicasts` of them, of which `delivered` are delivered.
   * In a near group none may until half of the window is free: a burst of packs wakes every other member
   * once, and packs that leave one by one, as those before them are delivered, wake them for each. Far away
   * members have time to wake, and half a window that waits would leave the path half empty.
   */
  room(multicasts: number, delivered: number): number {
    const room = this.window - (multicasts - delivered);
    const isNear = this.#shortestUs <= NEAR_US_MAX;
    return isNear && 2 * room < this.window ? 0 : Math.max(0, room);
  }

  /**
   * Notes that `count` messages are multicast, from number `first` on, while `delivered` own ones are delivered. That the
   * window was full is known only here: where own messages are delivered at once, it is empty a moment later.
   */
  multicast(now: number, first: number, count: number, delivered: number): void {
    if (this.#probe < 0) {
      this.#probe = first;
      this.#probedAt = now;
      this.#wasFull = false;
    }
    if (first + count - delivered >= this.window) this.#wasFull = true;
  }

  /** Notes that `delivered` own messages are delivered by now, and adapts the window. */
  observe(now: number, delivered: number): void {
    if (this.#probe < 0 || delivered <= this.#probe) return;
    const tookUs = now - this.#probedAt;
    this.#probe = -1;
    this.#shortestUs = Math.min(this.#shortestUs, tookUs);
    this.#unhinderedUs = Math.min(this.#unhinderedUs, tookUs);
    const isWaiting = tookUs > 2 * this.#unhinderedUs + WAIT_US_MAX;
    // What takes this time with the least window waits for no backlog of this member: the shorter time was luck,
    // or the group has changed. With lamport a message is early if all others happen to speak at that moment.
    if (isWaiting && this.#window <= WINDOW_MIN) this.#unhinderedUs = tookUs;
    else if (isWaiting) this.#window = Math.max(this.#window * DECREASE, WINDOW_MIN);
    else if (this.#wasFull) this.#window = Math.min(this.#window * GROWTH, WINDOW_MAX);
  }
}

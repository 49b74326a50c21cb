import type { Clock } from '../clock.ts';

/** The most reads from a socket in one turn of Node's event loop (libuv's uv__udp_recvmsg). */
export const READS_PER_TURN = 32;
/**
 * While datagrams pile up, what they cause is held for a while to leave together: at least the first
 * time, at most the second one, and longer the longer they have been piling up. The second one is a
 * heartbeat's interval (core/channels/failure-detector.ts): a member that holds its signs of life for much
 * longer looks dead.
 */
const HOLD_US_MIN = 2_000;
const HOLD_US_MAX = 100_000;

/**
 * Has a session settle once for all that happens in one turn of the event loop, so that what it sends
 * to one member shares datagrams.
 *
 * A member that gets more datagrams than it has time for settles more rarely still: a datagram costs
 * about the same however full it is, so sending fewer of them frees the time to catch up. Otherwise its
 * answers would be late, the others would retransmit what they think is lost, and there would be even
 * more to do.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #settle: () => void;
  #reads = 0;
  #isPlanned = false;
  #beganAt = 0;
  #holdUs = HOLD_US_MIN;

  constructor(clock: Clock, settle: () => void) {
    this.#clock = clock;
    this.#settle = settle;
  }

  /** Notes that what one read gave was taken in: a datagram, or several where they come in one piece. */
  tookDatagrams(): void {
    this.#reads += 1;
    this.settleSoon();
  }

  /** Notes that something happened that has to be settled. */
  settleSoon(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#beganAt = this.#clock.monotonicUs();
    this.#clock.soon(() => this.#endTurn());
  }

  #endTurn(): void {
    const isBehind = this.#reads >= READS_PER_TURN;
    this.#reads = 0;
    if (isBehind && this.#clock.monotonicUs() < this.#beganAt + this.#holdUs) {
      this.#clock.soon(() => this.#endTurn());
      return;
    }
    this.#holdUs = isBehind ? Math.min(2 * this.#holdUs, HOLD_US_MAX) : HOLD_US_MIN;
    this.#isPlanned = false;
    this.#settle();
  }
}

import type { Clock } from '../clock.ts';

/**
 * Wakes a session at the time that it asks for. What is due already needs no timer: the shortest one of
 * Node waits for a millisecond, in which a member could multicast hundreds of messages, so it is woken
 * as soon as the datagrams that have come by now are taken in.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #disarm: () => void = () => undefined;
  /** The clock's reading that it is set for. */
  #wakeAt = Infinity;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /**
   * Sets it for the clock's reading `wakeAt`, unless it is set for an earlier one: a timer that comes
   * early costs one idle call, and setting it anew for every datagram would cost more.
   */
  set(wakeAt: number): void {
    if (wakeAt >= this.#wakeAt) return;
    this.#disarm();
    this.#wakeAt = wakeAt;
    const delayMs = Math.ceil((wakeAt - this.#clock.monotonicUs()) / 1_000);
    if (delayMs > 0) this.#disarm = this.#clock.after(delayMs, () => this.#ring());
    else this.#ringSoon();
  }

  /** Calls it off. */
  off(): void {
    this.#disarm();
    this.#wakeAt = Infinity;
  }

  #ringSoon(): void {
    let isWanted = true;
    this.#disarm = () => (isWanted = false);
    this.#clock.soon(() => {
      if (isWanted) this.#ring();
    });
  }

  #ring(): void {
    this.#wakeAt = Infinity;
    this.#wake();
  }
}

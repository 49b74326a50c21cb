import type { Clock } from '../clock.ts';

/** How often a member looks whether its process is run. */
const LOOK_MS = 5;
/** A timer is late by up to this much without anything being wrong. */
const LATE_US_MAX = 5_000;

/**
 * How long a member's process was not run although it was due: it was stopped, or others had the processor. Who is
 * stopped for most of the time is slow without being busy. It shows by a timer that goes off late; the time
 * in which the member was busy with what came does not count. What else keeps a process busy does, such as a write to a
 * store on the same machine, if it takes longer than LATE_US_MAX.
 */
export class Standstill {
  /** In microseconds. */
  us = 0;
  readonly #clock: Clock;
  readonly #busyUs: () => number;
  #dueAt = 0;
  #busyBefore = 0;
  #callOff: () => void = () => undefined;

  /** `busyUs`: how long the member has been busy by now. It looks until `off`. */
  constructor(clock: Clock, busyUs: () => number) {
    this.#clock = clock;
    this.#busyUs = busyUs;
    this.#plan();
  }

  off(): void {
    this.#callOff();
  }

  #plan(): void {
    this.#dueAt = this.#clock.monotonicUs() + LOOK_MS * 1_000;
    this.#busyBefore = this.#busyUs();
    this.#callOff = this.#clock.after(LOOK_MS, () => this.#look());
  }

  #look(): void {
    const lateUs = this.#clock.monotonicUs() - this.#dueAt;
    const idleUs = lateUs - (this.#busyUs() - this.#busyBefore);
    if (idleUs > LATE_US_MAX) this.us += idleUs;
    this.#plan();
  }
}

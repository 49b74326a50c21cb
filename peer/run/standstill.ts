import type { Clock } from '../clock.ts';

/** How often a member looks whether its process is run. */
const LOOK_MS = 5;
/** A timer is late by up to this much without anything being wrong. */
const LATE_US_MAX = 5_000;

/**
 * How long a member's process was not run although it was due: it was stopped, or others had the processor. Who is
 * stopped for most of the time is slow without being busy. It shows by a timer that goes off late; the time for which
 * the process had a processor meanwhile does not count. Its own clock cannot tell the two apart: a process that is
 * stopped in the middle of a turn would count as busy with that turn. What makes it wait otherwise does count, such as
 * a write to a store on the same machine, if it takes longer than LATE_US_MAX.
 */
export class Standstill {
  /** In microseconds: of all times, and of the longest one. */
  us = 0;
  longestUs = 0;
  readonly #clock: Clock;
  readonly #usedAtFirst: number;
  #dueAt = 0;
  #usedBefore = 0;
  #callOff: () => void = () => undefined;

  /** It looks until `off`. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#usedAtFirst = clock.processorUs();
    this.#plan();
  }

  /** For how long the process had a processor since this began to look. */
  get usedUs(): number {
    return this.#clock.processorUs() - this.#usedAtFirst;
  }

  off(): void {
    this.#callOff();
  }

  #plan(): void {
    this.#dueAt = this.#clock.monotonicUs() + LOOK_MS * 1_000;
    this.#usedBefore = this.#clock.processorUs();
    this.#callOff = this.#clock.after(LOOK_MS, () => this.#look());
  }

  #look(): void {
    const lateUs = this.#clock.monotonicUs() - this.#dueAt;
    const idleUs = lateUs - (this.#clock.processorUs() - this.#usedBefore);
    if (idleUs > LATE_US_MAX) {
      this.us += idleUs;
      this.longestUs = Math.max(this.longestUs, idleUs);
    }
    this.#plan();
  }
}

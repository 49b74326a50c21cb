import type { RunPlan } from './command.ts';
import { createStream, Stream } from '../core/base/random-streams.ts';

/**
 * The time in which the plan asked for some multicasts, and how much more they took: a member that was paused,
 * or had no room for more, goes on from where it is.
 */
export interface Pace {
  readonly plannedMs: number;
  readonly behindMs: number;
}

/** Later than this, beyond the next interval, a member counts as having been paused. */
const LATE_US_MAX = 1_000;

/**
 * When one member multicasts, in the daemon as in the simulator: each message a uniform random
 * interval after the one before it, in whole microseconds. The seed and the member's index fix every
 * interval, so a run can be repeated.
 */
export class Schedule {
  /** When the next message is due; `Infinity` before `start` and after the last. */
  nextAt = Infinity;
  /** The number of the next message, which is also how many messages were multicast. */
  next = 0;
  #plannedUs = 0;
  #behindUs = 0;
  #lastInterval = 0;
  readonly #messages: number;
  readonly #minUs: number;
  readonly #spanUs: number;
  readonly #random: () => number;
  readonly #lateUsMax: number;

  /**
   * `lateUsMax`: a member that is later than this, and than the next interval, goes on from there;
   * `Infinity`: it multicasts at once whatever was due meanwhile, as an open loop does.
   */
  constructor(
    messages: number,
    intervalUs: { readonly min: number; readonly max: number },
    seed: number,
    member: number,
    lateUsMax = LATE_US_MAX,
  ) {
    this.#lateUsMax = lateUsMax;
    this.#messages = messages;
    this.#minUs = intervalUs.min;
    this.#spanUs = intervalUs.max - intervalUs.min;
    this.#random = createStream(seed, Stream.multicasts, member);
  }

  /** How the multicasts so far kept to the plan. */
  get pace(): Pace {
    return { plannedMs: this.#plannedUs / 1_000, behindMs: this.#behindUs / 1_000 };
  }

  /** How many messages are not multicast yet. */
  get left(): number {
    return this.#messages - this.next;
  }

  get sentAll(): boolean {
    return this.left === 0;
  }

  start(now: number): void {
    this.#lastInterval = this.#interval();
    this.nextAt = now + this.#lastInterval;
  }

  /** The messages that are due are multicast now, `most` at most: moves on, and returns how many these are. */
  advanceAll(now: number, most: number): number {
    const first = this.next;
    while (this.next - first < most && this.nextAt <= now) this.advance(now);
    return this.next - first;
  }

  /** The message that was due is multicast now: moves on to the next one. */
  advance(now: number): void {
    this.next += 1;
    this.#plannedUs += this.#lastInterval;
    const interval = this.#interval();
    this.#lastInterval = interval;
    // A member that was paused does not catch up in one burst, and small delays do not add up.
    const isLate = now - this.nextAt > interval + this.#lateUsMax;
    if (isLate) this.#behindUs += now - this.nextAt;
    this.nextAt = this.sentAll ? Infinity : (isLate ? now : this.nextAt) + interval;
  }

  #interval(): number {
    return this.#minUs + Math.floor(this.#random() * (this.#spanUs + 1));
  }
}

/** The schedule of one member of a planned run. */
export function scheduleOf(
  { messages, intervalMs, seed }: Pick<RunPlan, 'messages' | 'intervalMs' | 'seed'>,
  member: number,
): Schedule {
  const intervalUs = { min: intervalMs.min * 1_000, max: intervalMs.max * 1_000 };
  return new Schedule(messages, intervalUs, seed, member);
}

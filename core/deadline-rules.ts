import { describeGiven } from './given-value.ts';

/**
 * The most times in a row that `advance` may leave the deadline in the past before that counts as a
 * defect.
 */
const SPINS_MAX = 10_000;

/** @throws TypeError when an ordering's `deadline` is no time: files in JavaScript get past the compiler. */
export function requireDeadline(deadline: number): void {
  if (typeof deadline === 'number' && !Number.isNaN(deadline)) return;
  throw new TypeError(`deadline is ${describeGiven(deadline)}; allowed: a time, or Infinity`);
}

/** Tells an ordering that is late from one that would be called for ever. */
export class Spins {
  #count = 0;

  /**
   * Notes that `advance` was called at `now` and left the deadline at `deadline`.
   * @throws Error when it was in the past SPINS_MAX times in a row.
   */
  advanced(now: number, deadline: number): void {
    this.#count = deadline <= now ? this.#count + 1 : 0;
    if (this.#count <= SPINS_MAX) return;
    throw new Error(
      `advance was called ${SPINS_MAX} times in a row, and each time left deadline in the past: ` +
        'set it to a later time, or to Infinity',
    );
  }
}

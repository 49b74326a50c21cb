import { setImmediate, setTimeout } from 'node:timers/promises';
import { toError } from '../../core/base/to-error.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../../simulation/check/finding.ts';

/** As long as a timer of 0 takes to be due, and a bit more. */
const TIMERS_MS = 5;

/** What was thrown, which may be anything. */
export interface LateError {
  readonly thrown: unknown;
}

/**
 * Catches what the code of an ordering throws in this thread when none of its methods runs: in an `async` function, after a
 * promise, from a timer. A simulated run is over before any of that can happen, and no member is there to have failed.
 */
export class LateErrors {
  #first: LateError | null = null;
  readonly #note: (thrown: unknown) => void;

  constructor() {
    this.#note = (thrown) => (this.#first ??= { thrown });
    process.on('uncaughtException', this.#note).on('unhandledRejection', this.#note);
  }

  /**
   * Lets happen what is due, and gives the first thing that was thrown since it was asked last. It waits longer where only one
   * run is to be told from another.
   */
  async take(ofOneRun: boolean): Promise<LateError | null> {
    // Timers come between two of these.
    await setImmediate();
    if (ofOneRun) await setTimeout(TIMERS_MS);
    else await setImmediate();
    const first = this.#first;
    this.#first = null;
    return first;
  }

  /** From now on what is thrown ends the thread again. */
  stop(): void {
    process.off('uncaughtException', this.#note).off('unhandledRejection', this.#note);
  }
}

/** The finding that a late error is. */
export function findingOfLate(
  { explain }: Pick<OrderingEntry, 'explain'>,
  { thrown }: LateError,
): Finding {
  const what = explain?.(thrown) ?? String(toError(thrown));
  const text = `the ordering threw when none of its methods ran, in what a promise or a timer called: ${what}`;
  return { name: 'failed', text, observations: [] };
}

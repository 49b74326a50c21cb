import { medianOf } from '../../charts/statistics.ts';
import { KeptResults } from '../kept-results.ts';

/** Which trial it is. Its first seed follows from the number and from `schedulesMax`, so that both belong to its name. */
export interface TrialKey {
  readonly ordering: string;
  readonly strategy: string;
  readonly trial: number;
  /** After this number of schedules it is given up. */
  readonly schedulesMax: number;
}

/** How far a trial came: plain data. */
export interface TrialResult extends TrialKey {
  /** Schedules that were run, up to and with the one that broke something. */
  readonly tried: number;
  readonly isFound: boolean;
}

export function beginTrial(key: TrialKey): TrialResult {
  return { ...key, tried: 0, isFound: false };
}

/** Whether it found something or was given up, so that it says what it has to say. */
export function isTrialOver({ tried, schedulesMax, isFound }: TrialResult): boolean {
  return isFound || tried >= schedulesMax;
}

/**
 * The median of the schedules that trials took which are over, and how many of them found something. Those that did not
 * count as more than any that did: the median is then Infinity, or that of those which did.
 */
export function medianOfTrials(results: readonly TrialResult[]): {
  readonly median: number;
  readonly found: number;
  readonly over: number;
} {
  const over = results.filter(isTrialOver);
  const median = medianOf(over.map(({ tried, isFound }) => (isFound ? tried : Infinity)));
  return {
    median: median ?? Infinity,
    found: over.filter(({ isFound }) => isFound).length,
    over: over.length,
  };
}

/** Trials by their keys. */
export class TrialResults {
  readonly #kept: KeptResults<TrialResult>;

  constructor(path: string | null) {
    this.#kept = new KeptResults<TrialResult>(path, nameOfTrial);
  }

  /** How far it came; the beginning where nothing was kept of it. */
  get(key: TrialKey): TrialResult {
    return this.#kept.get(nameOfTrial(key)) ?? beginTrial(key);
  }

  set(result: TrialResult): void {
    this.#kept.set(result);
  }
}

function nameOfTrial({ ordering, strategy, trial, schedulesMax }: TrialKey): string {
  return [ordering, strategy, trial, schedulesMax].join(' ');
}

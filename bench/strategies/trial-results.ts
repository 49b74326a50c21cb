import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

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
  const took = over.map(({ tried, isFound }) => (isFound ? tried : Infinity)).sort((a, b) => a - b);
  const middle = (took.length - 1) / 2;
  const median =
    took.length === 0 ? Infinity : (took[Math.floor(middle)]! + took[Math.ceil(middle)]!) / 2;
  return { median, found: over.filter(({ isFound }) => isFound).length, over: over.length };
}

/** Trials by their keys, in a file if one is named, so that measuring can be stopped at any time and goes on there. */
export class TrialResults {
  readonly #path: string | null;
  readonly #results: Map<string, TrialResult>;

  constructor(path: string | null) {
    this.#path = path;
    const kept =
      path !== null && existsSync(path)
        ? (JSON.parse(readFileSync(path, 'utf8')) as TrialResult[])
        : [];
    this.#results = new Map(kept.map((result) => [nameOfTrial(result), result]));
  }

  /** How far it came; the beginning where nothing was kept of it. */
  get(key: TrialKey): TrialResult {
    return this.#results.get(nameOfTrial(key)) ?? beginTrial(key);
  }

  set(result: TrialResult): void {
    this.#results.set(nameOfTrial(result), result);
    if (this.#path === null) return;
    const lines = [...this.#results.values()].map((each) => JSON.stringify(each));
    writeFileSync(`${this.#path}.new`, `[\n${lines.join(',\n')}\n]\n`);
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function nameOfTrial({ ordering, strategy, trial, schedulesMax }: TrialKey): string {
  return [ordering, strategy, trial, schedulesMax].join(' ');
}

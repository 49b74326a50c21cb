import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Estimate } from '../../simulation/choices/search/estimate-schedules.ts';
import { estimatePlans } from '../../simulation/exhaustive/estimate-plans.ts';
import {
  fatesBeyond,
  mayGrow,
  mergeSeen,
  NOTHING_SEEN,
} from '../../simulation/exhaustive/fate-plans.ts';
import type { Scope } from '../../simulation/exhaustive/scope.ts';
import { beginScope, type ScopeState } from '../../simulation/exhaustive/scope-search.ts';
import {
  isWholeScope,
  searchScopeFurther,
} from '../../simulation/exhaustive/search-whole-scope.ts';
import { KeptResults } from '../kept-results.ts';

/** How far the search of one scope of one ordering has come: plain data. */
export interface ScopeResult {
  readonly ordering: string;
  readonly state: ScopeState;
  /** Of processor time that the search took, without the estimate. */
  readonly seconds: number;
  /** How many schedules the whole scope has; `null` where it was judged to its end, or where it cannot be told. */
  readonly estimate: Estimate | null;
}

/** Schedules that are drawn for the estimate of one level: in a long one, their orders alone take a while to count. */
const PROBES = 200;

/** Schedules between two looks at the processor time, which take a while. */
const JUDGED_BETWEEN = 100;

export function beginResult(ordering: string, scope: Scope): ScopeResult {
  return { ordering, state: beginScope(scope), seconds: 0, estimate: null };
}

/** Whether there is nothing left to search: it ended, broke something, or was given up. */
export function isOver({ state }: ScopeResult): boolean {
  return isWholeScope(state) || state.broken !== null || state.givenUp !== null;
}

/** Goes on until the search has taken `secondsMax` of processor time in all, and estimates what did not end by then. */
export function searchLonger(
  entry: OrderingEntry,
  { ordering, state: before, seconds: secondsBefore }: ScopeResult,
  secondsMax: number,
): ScopeResult {
  const begin = process.cpuUsage();
  const secondsSince = (): number => {
    const { user, system } = process.cpuUsage(begin);
    return secondsBefore + (user + system) / 1e6;
  };
  let [judged, isInTime] = [0, true];
  const mayGoOn = (): boolean => {
    judged += 1;
    if (judged % JUDGED_BETWEEN === 0) isInTime &&= secondsSince() < secondsMax;
    return isInTime;
  };
  const state = searchScopeFurther(entry, before, mayGoOn);
  const result: ScopeResult = { ordering, state, seconds: secondsSince(), estimate: null };
  return isOver(result) ? result : { ...result, estimate: estimateScope(entry, state) };
}

/**
 * The schedules of the levels that were searched, and estimates of the one that is searched now and of those after it.
 * Their plans are those that follow from what was seen so far.
 */
function estimateScope(entry: OrderingEntry, state: ScopeState): Estimate | null {
  const { scope } = state;
  const seen = state.plans.reduce((sum, plan) => mergeSeen(sum, plan.seen), NOTHING_SEEN);
  let mean = state.tally.schedules - state.ofLevel;
  let variance = 0;
  let plans = state.plans.map(({ fates }) => fates);
  while (plans.length > 0) {
    const level = estimatePlans(entry, scope, plans, undefined, PROBES);
    if (level === null) return null;
    mean += level.mean;
    variance += level.standardError ** 2;
    const more = plans
      .filter((fates) => mayGrow(fates, scope))
      .flatMap((fates) => fatesBeyond(fates, seen, scope));
    plans = [...new Map(more.map((fates) => [JSON.stringify(fates), fates])).values()];
  }
  return { mean, standardError: Math.sqrt(variance) };
}

/** As far as it is known, of processor time for the whole scope; Infinity where nothing is. */
export function secondsOf(result: ScopeResult): number {
  const { state, seconds, estimate } = result;
  if (isOver(result)) return seconds;
  if (estimate === null || state.tally.schedules === 0) return Infinity;
  return (seconds * Math.max(estimate.mean, state.tally.schedules)) / state.tally.schedules;
}

/** Results by ordering and scope. */
export class ScopeResults {
  readonly #kept: KeptResults<ScopeResult>;

  constructor(path: string | null) {
    this.#kept = new KeptResults(path, ({ ordering, state }) => keyOf(ordering, state.scope));
  }

  get(ordering: string, scope: Scope): ScopeResult | undefined {
    return this.#kept.get(keyOf(ordering, scope));
  }

  set(result: ScopeResult): void {
    this.#kept.set(result);
  }
}

function keyOf(ordering: string, scope: Scope): string {
  const { peers, messages, losses, crashes, channels, timers } = scope;
  return [ordering, peers, messages, losses, crashes, channels, timers].join(' ');
}

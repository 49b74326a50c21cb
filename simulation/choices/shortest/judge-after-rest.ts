import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Finding } from '../../check/finding.ts';
import { isAboutTheEnd } from '../../check/judge.ts';
import type { Choice } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { choicesToRest, findingsAtRest, newsOf } from './kind-ending.ts';
import { letArrive, nextArrival } from './kind-step.ts';
import { LastTimers } from './last-timers.ts';

/** What comes of a schedule after its last choice, where timers are left. */
export interface AfterRest {
  readonly findings: readonly Finding[];
  /**
   * How many choices the schedule has that breaks it: those that were there before, and where it was broken on the way
   * also the timers and arrivals up to then.
   */
  readonly length: number;
}

/** Arrivals without a timer between them; what takes more does not come to rest. */
const ARRIVALS_MAX = 5_000;

/**
 * What a schedule breaks that is at rest but for timers: they go off one after the other, the earliest first, and
 * whatever they send arrives, until nothing is missing or they had their time (last-timers.ts). What is missing then is
 * missing for ever (as in `missingForEver`); besides, something may be delivered wrongly on the way. Nothing
 * where the schedule is not at rest, or too many members are gone. `run` goes on meanwhile.
 */
export function judgeAfterRest(entry: OrderingEntry, run: ChosenRun): AfterRest {
  const length = run.taken.length;
  const nothing = { findings: [], length };
  if (run.isQuiet || choicesToRest(entry, run) > 0) return nothing;
  const timers = new LastTimers(run);
  let [findings, news] = [findingsAtRest(entry, run), newsOf(run)];
  while (findings.length > 0) {
    const next = timers.next();
    if (next === null) break;
    run.take(next);
    if (!letArrive(run, ARRIVALS_MAX)) return nothing;
    if (newsOf(run) === news) continue;
    [findings, news] = [findingsAtRest(entry, run), newsOf(run)];
    const wrong = findings.filter((finding) => !isAboutTheEnd(finding));
    if (wrong.length > 0) return { findings: wrong, length: run.taken.length };
  }
  return { findings: findings.map((finding) => withTimers(finding, timers.count)), length };
}

/**
 * What comes after a schedule in which something is missing for ever, up to the last delivery or failure: for whoever
 * wants to see why. `run` goes on meanwhile.
 */
export function choicesAfterRest(run: ChosenRun): Choice[] {
  const begin = run.taken.length;
  let [news, last] = [newsOf(run), begin];
  const timers = new LastTimers(run);
  for (let steps = 0; steps < ARRIVALS_MAX; steps += 1) {
    const next = nextArrival(run) ?? timers.next();
    if (next === null) break;
    run.take(next);
    if (newsOf(run) !== news) [news, last] = [newsOf(run), run.taken.length];
  }
  return run.taken.slice(begin, last);
}

function withTimers(finding: Finding, count: number): Finding {
  if (count === 0) return finding;
  return {
    ...finding,
    text: `${finding.text} (timers are left: ${count} more went off before that was said)`,
  };
}

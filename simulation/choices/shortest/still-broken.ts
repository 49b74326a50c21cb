import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Finding } from '../../check/finding.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { judgeChosenRun } from './judge-chosen-run.ts';
import { kindStep } from './kind-step.ts';
import { LastTimers } from './last-timers.ts';

/** More steps than a member takes to hear that the others went on without it. */
const STEPS_MAX = 20_000;

/**
 * What a run breaks that stays broken. A member that was suspected wrongly may be out of the view without knowing: what
 * it delivered last, the others may order otherwise. When it hears of that it stops, and counts as crashed from the
 * beginning, so that guarantees which say nothing of members that crash hold. So where timers went off, or were due,
 * what is broken is looked at again whenever somebody stops, while whatever is under way arrives and timers have their
 * time (last-timers.ts). `run` goes on meanwhile. `judged`: what it breaks now, for whoever has judged it.
 */
export function findingsForGood(
  entry: OrderingEntry,
  run: ChosenRun,
  judged = judgeChosenRun(entry, run),
): readonly Finding[] {
  const { findings } = judged;
  if (findings.length === 0 || !maySuspectTheLiving(run)) return findings;
  const timers = new LastTimers(run);
  let [left, stopped] = [findings, run.failures.length];
  for (let steps = 0; steps < STEPS_MAX && left.length > 0; steps += 1) {
    const next = kindStep(run) ?? timers.next();
    if (next === null) break;
    run.take(next);
    if (run.failures.length === stopped) continue;
    stopped = run.failures.length;
    const names = new Set(judgeChosenRun(entry, run).findings.map(({ name }) => name));
    left = left.filter(({ name }) => names.has(name));
  }
  return left;
}

/** Only after a timer, or after the time of one, does anybody take a member for crashed that lives. */
function maySuspectTheLiving({ deadlinesOf, isOverdue }: ChosenRun): boolean {
  return isOverdue || deadlinesOf.some((count) => count > 0);
}

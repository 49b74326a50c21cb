import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Finding, FindingName } from '../../check/finding.ts';
import { isAboutTheEnd } from '../../check/judge.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { findingsForGood } from './still-broken.ts';
import { choicesToRest, missingForEver } from './kind-ending.ts';
import type { Aim } from './shortest-schedule.ts';

/**
 * How a run breaks `name`; `null` where it does not. What is wrong once it has happened (an order, integrity, an
 * ordering that throws) is judged of the run as it stands. What is missing is judged only of a run that is at rest, and
 * then once deadlines had their time as well (kind-ending.ts): `run` goes on meanwhile.
 */
export function findingIn(entry: OrderingEntry, run: ChosenRun, name: FindingName): Finding | null {
  if (isAboutTheEnd({ name })) {
    return choicesToRest(entry, run) === 0 ? missingForEver(entry, run, name) : null;
  }
  const findings = findingsForGood(entry, run);
  return findings.find((finding) => finding.name === name) ?? null;
}

/** That `name` is broken. */
export function aimAtFinding(entry: OrderingEntry, name: FindingName): Aim {
  if (isAboutTheEnd({ name })) {
    return {
      isReached: (run) => findingIn(entry, run, name) !== null,
      stepsMissing: (run) => choicesToRest(entry, run),
    };
  }
  return { isReached: (run, isNews) => isNews && findingIn(entry, run, name) !== null };
}

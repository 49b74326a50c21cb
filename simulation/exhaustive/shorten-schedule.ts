import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../check/finding.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import { type Choice, isTimed, withoutTime } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import { judgeAfterRest } from '../choices/shortest/judge-after-rest.ts';
import { judgeChosenRun } from '../choices/shortest/judge-chosen-run.ts';
import { findingsForGood } from '../choices/shortest/still-broken.ts';
import type { Observer } from '../observers/observer.ts';
import { findEndlessDelivery } from './endless-delivery.ts';
import { type Scope, setupOf } from './scope.ts';

/** Runs choices one after the other. @throws RangeError for one that is not possible where it stands. */
export function replayChoices(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
  observer: Observer | null = null,
): ChosenRun {
  const run = beginChosenRun(entry, setupOf(scope), observer);
  for (const choice of choices) run.take(choice);
  return run;
}

/** What a schedule breaks, or lacks for ever once its timers had their time; nothing where it is not possible. */
export function findingsOf(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): readonly Finding[] {
  const run = beginChosenRun(entry, setupOf(scope));
  for (const choice of choices) {
    if (!run.allows(choice)) return [];
    run.take(choice);
  }
  const judged = judgeChosenRun(entry, run);
  if (judged.findings.length > 0) return findingsForGood(entry, run, judged);
  const later = judgeAfterRest(entry, run);
  if (later.findings.length > 0 && later.length === choices.length) return later.findings;
  const endless = findEndlessDelivery(run);
  return endless === null ? [] : [endless];
}

/** Whether a schedule breaks something that turns out to hold once a member hears that it is out of the view. */
export function isMendedLater(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): boolean {
  const run = replayChoices(entry, scope, choices);
  const judged = judgeChosenRun(entry, run);
  return judged.findings.length > 0 && findingsForGood(entry, run, judged).length === 0;
}

/**
 * The shortest beginning of a schedule that breaks something, or all of it where none does. It is found by halving, since
 * what a beginning breaks stays broken.
 */
export function brokenBeginning(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): readonly Choice[] {
  const isBroken = (length: number): boolean => {
    const run = replayChoices(entry, scope, choices.slice(0, length));
    return judgeChosenRun(entry, run).findings.length > 0;
  };
  if (!isBroken(choices.length)) return choices;
  let [whole, broken] = [0, choices.length];
  while (broken - whole > 1) {
    const middle = Math.floor((whole + broken) / 2);
    if (isBroken(middle)) broken = middle;
    else whole = middle;
  }
  return choices.slice(0, broken);
}

/** The shortest beginning after which letting everything arrive does not end, and of it only what is needed. */
export function shortenEndless(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): Choice[] {
  const isEndless = (beginning: readonly Choice[]): boolean =>
    findingsOf(entry, scope, beginning)[0]?.name === 'endless';
  let length = 0;
  while (length < choices.length && !isEndless(choices.slice(0, length))) length += 1;
  return shortenSchedule(entry, scope, choices.slice(0, length));
}

/**
 * Leaves out, from the end on, each choice without which the schedule is possible and breaks the same; and how late it
 * comes, where the choice in time will do.
 */
export function shortenSchedule(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): Choice[] {
  const name = findingsOf(entry, scope, choices)[0]?.name;
  let kept = [...choices];
  for (let index = kept.length - 1; index >= 0; index -= 1) {
    const others = [kept.toSpliced(index, 1)];
    if (isTimed(kept[index]!)) others.push(kept.with(index, withoutTime(kept[index]!)));
    kept = others.find((each) => findingsOf(entry, scope, each)[0]?.name === name) ?? kept;
  }
  return kept;
}

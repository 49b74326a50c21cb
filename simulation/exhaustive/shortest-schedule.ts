import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../check/finding.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import { type Choice, formatChoice } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import type { Observer } from '../observers/observer.ts';
import { memberOf } from '../choices/search-space.ts';
import { findEndlessDelivery } from './endless-delivery.ts';
import { judgeChosenRun } from './judge-chosen-run.ts';
import { type Scope, setupOf } from './scope.ts';

/** The beginning of a schedule, and where it can lead. */
interface Beginning {
  readonly parent: Beginning | null;
  readonly choice: Choice | null;
  /**
   * What each member did, and what was lost: two beginnings in which all of that is the same count as one.
   */
  readonly views: readonly string[];
  readonly delivered: number;
  readonly next: readonly Choice[];
}

export interface ShortestLimits {
  /** The most choices of a schedule that is looked at. */
  readonly lengthMax: number;
  /** The most beginnings of one length that are kept: the bound on memory. */
  readonly beginningsMax: number;
  /** Asked now and then: when it says no, the search ends there. */
  readonly mayGoOn: () => boolean;
  /** Whether beginnings are looked for as well after which letting everything arrive does not end. */
  readonly isEndlessSought?: boolean;
}

export interface ShortestSearch {
  /** A schedule that breaks something, and of which there is no shorter one; `null`: none was found. */
  readonly choices: readonly Choice[] | null;
  /** No schedule of at most this number of choices breaks anything, unless it is the one that was found. */
  readonly provenLength: number;
}

/** With more than `2 * (peers - 1)` packets in one step, a crash after the last of these is not tried. */
const ROUNDS_PER_STEP = 2;

/**
 * Looks for the shortest schedule that breaks something, where a step, a loss and a crash each count as one choice:
 * all beginnings of one choice, of two, and so on, each of them once, however its steps were mixed. A beginning
 * that breaks what can no longer be mended counts as well as a whole schedule does.
 */
export function findShortest(
  entry: OrderingEntry,
  scope: Scope,
  { lengthMax, beginningsMax, mayGoOn, isEndlessSought = false }: ShortestLimits,
): ShortestSearch {
  let level: readonly Beginning[] = [theBeginning(entry, scope)];
  for (let length = 1; length <= lengthMax; length += 1) {
    const seen = new Set<string>();
    const longer: Beginning[] = [];
    for (const parent of level) {
      for (const choice of parent.next) {
        const views = viewsAfter(parent.views, choice);
        const key = views.join(';');
        if (seen.has(key)) continue;
        seen.add(key);
        if (longer.length >= beginningsMax || !mayGoOn()) {
          return { choices: null, provenLength: length - 1 };
        }
        const run = replayChoices(entry, scope, [...choicesOf(parent), choice]);
        const delivered = deliveriesIn(run);
        const mayBreak = delivered > parent.delivered || run.failures.length > 0 || run.isQuiet;
        if (mayBreak && judgeChosenRun(entry, run).findings.length > 0) {
          return { choices: run.taken, provenLength: length };
        }
        longer.push({ parent, choice, views, delivered, next: choicesAfter(scope, run) });
        // The run goes on for that, so that its steps so far are taken down first.
        const taken = [...run.taken];
        if (isEndlessSought && findEndlessDelivery(run) !== null) {
          return { choices: taken, provenLength: length };
        }
      }
    }
    level = longer;
  }
  return { choices: null, provenLength: lengthMax };
}

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

/** What a schedule breaks; nothing where it is not possible. */
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
  const { findings } = judgeChosenRun(entry, run);
  if (findings.length > 0) return findings;
  const endless = findEndlessDelivery(run);
  return endless === null ? [] : [endless];
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

/** Leaves out, from the end on, each choice without which the schedule is possible and breaks the same. */
export function shortenSchedule(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): Choice[] {
  const name = findingsOf(entry, scope, choices)[0]?.name;
  let kept = [...choices];
  for (let index = kept.length - 1; index >= 0; index -= 1) {
    const without = kept.toSpliced(index, 1);
    if (findingsOf(entry, scope, without)[0]?.name === name) kept = without;
  }
  return kept;
}

function theBeginning(entry: OrderingEntry, scope: Scope): Beginning {
  const run = beginChosenRun(entry, setupOf(scope));
  const views = Array.from({ length: scope.peers + 1 }, () => '');
  return { parent: null, choice: null, views, delivered: 0, next: choicesAfter(scope, run) };
}

function choicesOf(beginning: Beginning): Choice[] {
  const choices: Choice[] = [];
  for (let at: Beginning | null = beginning; at?.choice != null; at = at.parent) {
    choices.push(at.choice);
  }
  return choices.reverse();
}

/** The last of the views says what was lost, in whatever order that was. */
function viewsAfter(views: readonly string[], choice: Choice): string[] {
  const text = formatChoice(choice);
  if (choice.act !== 'lose') {
    const member = memberOf(choice);
    return views.with(member, `${views[member]!},${text}`);
  }
  const lost = [...views.at(-1)!.split(','), text].sort();
  return views.with(-1, lost.join());
}

/** Every step within the bounds, and every loss and crash that is left to happen. */
function choicesAfter(scope: Scope, run: ChosenRun): Choice[] {
  const steps = run
    .enabledSteps()
    .filter((choice) => choice.act !== 'fire' || run.deadlinesOf[choice.member]! < scope.timers);
  return [...steps, ...lossesAfter(scope, run), ...crashesAfter(scope, run)];
}

function lossesAfter({ losses }: Scope, run: ChosenRun): Choice[] {
  if (run.network.lost >= losses) return [];
  return [...run.packets].map(({ name }): Choice => ({ act: 'lose', packet: name }));
}

function crashesAfter({ crashes, channels, peers }: Scope, run: ChosenRun): Choice[] {
  const chosen = run.taken.filter(({ act }) => act === 'crash').length;
  if (chosen >= crashes) return [];
  const sendsMax = channels === 'reliable' ? 0 : ROUNDS_PER_STEP * (peers - 1);
  return [...run.members.keys()].flatMap((member) => {
    const within = Array.from({ length: sendsMax }, (_, sends): Choice => {
      return { act: 'crash', member, sends };
    });
    const all: Choice[] = [{ act: 'crash', member }, ...within];
    return all.filter((choice) => run.allows(choice));
  });
}

function deliveriesIn({ members }: ChosenRun): number {
  return members.reduce((sum, { record }) => sum + record.sequence.length, 0);
}

import { createStream, Stream } from '../../core/base/random-streams.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import { type Choice, isTimed } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import { choicesWithin } from '../choices/shortest/choice-bounds.ts';
import { judgeAfterRest } from '../choices/shortest/judge-after-rest.ts';
import { judgeChosenRun } from '../choices/shortest/judge-chosen-run.ts';
import { findingsForGood } from '../choices/shortest/still-broken.ts';
import { choicesIn, type Scope, setupOf, STEPS_MAX } from './scope.ts';

/** What the network, a member or its timer does next; the rest are faults. */
const STEPS: ReadonlySet<Choice['act']> = new Set(['multicast', 'deliver', 'close', 'fire']);
/** How likely a fault is to come before a step, as long as the scope allows one more. */
const FAULT_SHARE = 0.1;
/** How likely a step is to come late, as long as the scope allows that. */
const LATE_SHARE = 0.1;

/** Schedules that were drawn at random from all of a scope, with what goes wrong in it. */
export interface DrawnSchedules {
  readonly drawn: number;
  /** The last one drawn, if it broke something; `null` where none did. */
  readonly broken: readonly Choice[] | null;
}

/**
 * Draws schedules of a scope until one breaks something, `mayGoOn` says no, or `countMax` were drawn. The search of a
 * scope goes through all schedules without a fault before it comes to the first with one. Where those are too many
 * for the time there is, this is a look at the others: it proves nothing.
 *
 * Every second one takes any step that is possible. In the others steps have random priorities by their paths, so that
 * one packet or one member stays behind for long (after Burckhardt et al., see draw-priorities.ts). Of a schedule with more
 * than `choicesMax` choices only these are taken.
 *
 * Each is judged once more when its timers went off for as long as something was missing (judge-after-rest.ts), more
 * often than the scope allows: then what broke has steps that are outside of it.
 */
export function drawBroken(
  entry: OrderingEntry,
  scope: Scope,
  seed: number,
  countMax: number,
  mayGoOn: () => boolean = () => true,
  choicesMax = STEPS_MAX,
): DrawnSchedules {
  const random = createStream(seed, Stream.schedules);
  let drawn = 0;
  while (drawn < countMax && mayGoOn()) {
    const chooser = drawn % 2 === 0 ? anyOf(random) : firstByPriority(random);
    const run = drawOne(entry, scope, random, chooser, choicesMax);
    drawn += 1;
    const { length } = run.taken;
    const judged = judgeChosenRun(entry, run);
    if (findingsForGood(entry, run, judged).length > 0) {
      return { drawn, broken: run.taken.slice(0, length) };
    }
    if (judged.findings.length > 0) continue;
    const later = judgeAfterRest(entry, run);
    if (later.findings.length > 0) return { drawn, broken: run.taken.slice(0, later.length) };
  }
  return { drawn, broken: null };
}

type Chooser = (choices: readonly Choice[]) => Choice;

/** A schedule taken to its end; one of more than `choicesMax` choices only so far. */
function drawOne(
  entry: OrderingEntry,
  scope: Scope,
  random: () => number,
  choose: Chooser,
  choicesMax: number,
): ChosenRun {
  const run = beginChosenRun(entry, setupOf(scope));
  const bounds = choicesIn(scope);
  while (run.taken.length < choicesMax) {
    const choices = choicesWithin(bounds, run);
    const steps = choices.filter((choice) => STEPS.has(choice.act) && !isTimed(choice));
    const lates = choices.filter(isTimed);
    const faults = choices.filter(({ act }) => !STEPS.has(act));
    if (steps.length === 0) break;
    if (faults.length > 0 && random() < FAULT_SHARE) run.take(anyOf(random)(faults));
    else if (lates.length > 0 && random() < LATE_SHARE) run.take(anyOf(random)(lates));
    else run.take(choose(steps));
  }
  return run;
}

function anyOf(random: () => number): Chooser {
  return (choices) => choices[Math.floor(random() * choices.length)]!;
}

/** The one of the path that comes first in an order which is drawn as paths appear. */
function firstByPriority(random: () => number): Chooser {
  const priorities = new Map<string, number>();
  const priorityOf = (choice: Choice): number => {
    const path = pathOf(choice);
    if (!priorities.has(path)) priorities.set(path, random());
    return priorities.get(path)!;
  };
  return (choices) => {
    const others = choices.map((choice) => ({ choice, priority: priorityOf(choice) }));
    return others.reduce((a, b) => (b.priority < a.priority ? b : a)).choice;
  };
}

/** `deliver 0>1` of every packet from member 0 to member 1, `fire 2`. */
function pathOf(choice: Choice): string {
  if ('packet' in choice) return `${choice.act} ${choice.packet.split('#')[0]!}`;
  return 'member' in choice ? `${choice.act} ${choice.member}` : choice.act;
}

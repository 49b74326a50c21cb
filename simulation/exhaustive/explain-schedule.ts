import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { EventLog } from '../../core/records/event-log.ts';
import type { Finding } from '../check/finding.ts';
import { tellRun } from '../check/story.ts';
import type { Choice } from '../choices/choice.ts';
import { EventRecorder } from '../observers/event-recorder.ts';
import type { Scope } from './scope.ts';
import {
  findingsOf,
  findShortest,
  replayChoices,
  type ShortestLimits,
  shortenSchedule,
} from './shortest-schedule.ts';

/** How far it is known that nothing shorter breaks anything in a scope. */
export interface ProvenLength {
  readonly scope: Scope;
  /** No schedule of the scope with at most so many choices breaks anything. */
  readonly choices: number;
}

/** The shortest schedule that is known to break something, and what it breaks. */
export interface ShortestBroken {
  readonly scope: Scope;
  readonly choices: readonly Choice[];
  /** How many choices the schedule had in which the fault was seen first. */
  readonly choicesFound: number;
  /** Empty where it broke something, and nothing when it ran again: then it depends on other runs. */
  readonly findings: readonly Finding[];
  /** Of the scopes that were not searched to their end. */
  readonly proven: readonly ProvenLength[];
}

/**
 * From a schedule that breaks something to the shortest: first without every choice that it does not need, then by
 * looking at all that are shorter, in the scope in which it was found and in those that were `notSearched`.
 */
export function shortestBroken(
  entry: OrderingEntry,
  scope: Scope,
  found: readonly Choice[],
  notSearched: readonly Scope[],
  limits: Omit<ShortestLimits, 'lengthMax'>,
): ShortestBroken {
  let best = { scope, choices: shortenSchedule(entry, scope, found) };
  const proven: ProvenLength[] = [];
  for (const each of [scope, ...notSearched]) {
    const lengthMax = best.choices.length - 1;
    const { choices, provenLength } = findShortest(entry, each, { ...limits, lengthMax });
    if (choices !== null) best = { scope: each, choices: [...choices] };
    proven.push({ scope: each, choices: choices === null ? provenLength : choices.length - 1 });
  }
  const findings = findingsOf(entry, best.scope, best.choices);
  return { ...best, choicesFound: found.length, findings, proven };
}

/** A schedule as a space-time diagram in text, around what it breaks. A step is told as a millisecond. */
export function tellSchedule(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
  finding: Finding,
): string {
  return tellRun(entry, finding, (observer) => {
    return replayChoices(entry, scope, choices, observer).result();
  });
}

/** What happened in a schedule, to be drawn. */
export function recordSchedule(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): readonly EventLog[] {
  const recorder = new EventRecorder(scope.peers);
  replayChoices(entry, scope, choices, recorder);
  return recorder.logs;
}

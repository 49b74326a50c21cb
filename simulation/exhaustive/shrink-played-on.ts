import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { FindingName } from '../check/finding.ts';
import { isAboutTheEnd } from '../check/judge.ts';
import { type Choice, isTimed } from '../choices/choice.ts';
import { memberOf } from '../choices/search/search-space.ts';
import { shrinkChoices } from '../choices/shrink/shrink-choices.ts';
import { type Scope, setupOf } from './scope.ts';
import { findingsOf, replayChoices } from './shorten-schedule.ts';

/** A short schedule that breaks something, in the smallest scope that has it: its timers may go off further than asked. */
export interface PlayedOn {
  readonly scope: Scope;
  readonly choices: readonly Choice[];
  readonly isShortest: false;
}

/**
 * Shrinks a schedule that breaks something only when timers go off further than `scope` allows, or later, be it that
 * they are among its choices, or that something is missing once they had their time. The result is in the smallest scope that has
 * it; `null`: the schedule is not of that kind.
 */
export function shrinkPlayedOn(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
): PlayedOn | null {
  const [finding] = findingsOf(entry, scope, choices);
  if (finding === undefined || finding.name === 'endless') return null;
  const isBeyond = timersIn(choices) > scope.timers || latesIn(choices) > (scope.lates ?? 0);
  const isLeft = isAboutTheEnd(finding) && !replayChoices(entry, scope, choices).isQuiet;
  return isBeyond || isLeft ? shrinkWithSteps(entry, scope, choices, finding.name) : null;
}

/** The same for a schedule that is known to break `name`: leaves out what it does not need (shrink-choices.ts). */
export function shrinkWithSteps(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
  name: FindingName,
): PlayedOn {
  const shrunk = shrinkChoices(entry, setupOf(scope), choices, name);
  const smaller = shrunk === null ? null : withChoices(scope, shrunk.setup, shrunk.choices);
  const isSame =
    smaller !== null && findingsOf(entry, smaller.scope, smaller.choices)[0]?.name === name;
  return isSame ? smaller : withChoices(scope, scope, choices);
}

function withChoices(
  scope: Scope,
  { peers, messages, channels = 'datagrams' }: Pick<Scope, 'peers' | 'messages'> & Partial<Scope>,
  choices: readonly Choice[],
): PlayedOn {
  const timers = Math.max(scope.timers, timersIn(choices));
  const lates = Math.max(scope.lates ?? 0, latesIn(choices));
  const size = { peers, messages, channels, timers, lates };
  return { scope: { ...scope, ...size }, choices, isShortest: false };
}

/** How often the timer goes off of the member whose timer goes off most often. */
function timersIn(choices: readonly Choice[]): number {
  return mostOfOneMember(choices.filter(({ act }) => act === 'fire'));
}

/** How often the member is late that is late most often. */
function latesIn(choices: readonly Choice[]): number {
  return mostOfOneMember(choices.filter(isTimed));
}

function mostOfOneMember(choices: readonly Choice[]): number {
  const counts = new Map<number, number>();
  for (const choice of choices) {
    const member = memberOf(choice);
    counts.set(member, (counts.get(member) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import type { Choice } from '../choices/choice.ts';
import { type Aim, findShortest } from '../choices/shortest/shortest-schedule.ts';
import { choicesIn, type Scope, setupOf } from './scope.ts';

export interface HuntLimits {
  /** The most choices of a schedule that is tried. */
  readonly lengthMax: number;
  /** Asked before every choice: when it says no, the hunt ends there. */
  readonly mayGoOn: () => boolean;
  /** Is told each schedule before its last choice is taken. */
  readonly onTry: (choices: readonly Choice[]) => void;
  /** Is told each member before it is made, which some ordering may not come back from either. */
  readonly onCreate: (member: number) => void;
}

const NOTHING: Aim = { isReached: () => false };

/**
 * Takes all schedules of a scope, the short ones first. An ordering that does not come back from a call does so here
 * in one of the shortest schedules in which it hangs: the one that `onTry` was told last, for whoever watches. So a
 * hunt costs one time in which nothing came back, and not one for each schedule that might be shorter. Returns the length
 * up to which all schedules came back.
 */
export function huntHang(entry: OrderingEntry, scope: Scope, limits: HuntLimits): number {
  const { onCreate } = limits;
  const begin = () => beginChosenRun(entry, setupOf(scope), null, undefined, onCreate);
  return findShortest(begin, NOTHING, { ...limits, choices: choicesIn(scope) }).provenLength;
}

import type { Create } from '../../../core/ordering.ts';
import type { Scenario } from '../../scenario.ts';
import type { Choice } from '../choice.ts';
import type { RunRules } from '../states/searched-run.ts';

/** Which schedules there are. By default, channels are `datagrams`, in any order. */
export interface SearchSpace extends RunRules {
  readonly create: Create;
  readonly scenario: Scenario;
  /** A schedule with more steps ends the search with an `EndlessScheduleError`; default: there is no such bound. */
  readonly stepsMax?: number;
}

/** A schedule went on beyond the bound on steps: the search was given up, and nothing is known of the rest. */
export class EndlessScheduleError extends Error {
  override name = 'EndlessScheduleError';

  /** The steps that the schedule had until then. */
  readonly choices: readonly Choice[];

  constructor(stepsMax: number, choices: readonly Choice[]) {
    super(`a schedule was not at its end after ${stepsMax} steps`);
    this.choices = choices;
  }
}

/**
 * Where a part of a search begins: a schedule's first steps, and what need not be explored after them, as numbers
 * (choice-codes.ts).
 */
export interface SearchStart {
  readonly prefix: readonly number[];
  readonly sleep: readonly number[];
}

/** The whole search. */
export const BEGINNING: SearchStart = { prefix: [], sleep: [] };

/** The member at which a step happens. */
export function memberOf(choice: Choice): number {
  if ('member' in choice) return choice.member;
  if ('packet' in choice) return Number(/>(\d+)/.exec(choice.packet)![1]);
  return choice.to;
}

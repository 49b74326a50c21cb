import type { Create } from '../../core/ordering.ts';
import type { Scenario } from '../scenario.ts';
import { type Choice, formatChoice } from './choice.ts';
import { ChosenRun } from './chosen-run.ts';
import type { ChosenChannels } from './chosen-run-options.ts';
import { type Fates, NO_FATES } from './fates.ts';

/** Which schedules there are. */
export interface SearchSpace {
  readonly create: Create;
  readonly scenario: Scenario;
  /** Default: `datagrams`, in any order. */
  readonly channels?: ChosenChannels;
  /** How many of its deadlines each member may see pass. */
  readonly deadlinesMax: number;
  /** Losses and crashes, the same in every schedule of one search; default: none. */
  readonly fates?: Fates;
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

/** Choices that need not be explored, by their texts, each with the member at which it is a step. */
export type Sleep = Map<string, number>;

/** Where a part of a search begins: a schedule's first steps, and what need not be explored after them. */
export interface SearchStart {
  readonly prefix: readonly Choice[];
  readonly sleep: readonly Choice[];
}

/** The whole search. */
export const BEGINNING: SearchStart = { prefix: [], sleep: [] };

export function beginSearchedRun(space: SearchSpace): ChosenRun {
  const { create, scenario, channels = 'datagrams', fates = NO_FATES } = space;
  return new ChosenRun(create, scenario, null, { channels, fates });
}

/** What may happen next within the bounds of the space. */
export function enabledWithin({ deadlinesMax }: SearchSpace, run: ChosenRun): Choice[] {
  return run
    .enabledSteps()
    .filter((choice) => choice.act !== 'fire' || run.deadlinesOf[choice.member]! < deadlinesMax);
}

export function sleepOf(choices: readonly Choice[]): Sleep {
  return new Map(choices.map((choice) => [formatChoice(choice), memberOf(choice)]));
}

/** What still sleeps after a step of `member`: choices of others. */
export function sleepAfter(sleep: Sleep, member: number): Sleep {
  return new Map([...sleep].filter(([, sleeper]) => sleeper !== member));
}

/** The member at which a step happens. */
export function memberOf(choice: Choice): number {
  if ('member' in choice) return choice.member;
  if ('packet' in choice) return Number(/>(\d+)/.exec(choice.packet)![1]);
  return choice.to;
}

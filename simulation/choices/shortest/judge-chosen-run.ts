import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { judge, type Judgement } from '../../check/judge.ts';
import type { ChosenRun } from '../chosen-run.ts';
import type { Scenario } from '../../scenario.ts';

/**
 * What `check` would say of a chosen run. While something may still happen, it leaves out what is only known
 * at the end.
 */
export function judgeChosenRun(entry: OrderingEntry, run: ChosenRun): Judgement {
  return judge(entry, scenarioToJudge(run), run.result(), run.isQuiet);
}

/** Whether nobody delivered anything. */
export function isSilent({ members }: ChosenRun): boolean {
  return members.every(({ record }) => record.sequence.length === 0);
}

/** What went wrong in a run, with the deadlines that passed by member. */
export interface TroublesOfRun {
  readonly scenario: Scenario;
  readonly deadlinesOf: readonly number[] | Uint32Array;
  /** Whether a member did something else when its deadline was past. */
  readonly isOverdue: boolean;
  readonly crashes: number;
  readonly network: { readonly lost: number };
}

/**
 * When deadlines pass, taken or not, a member may take others for crashed that are merely slow, as it may where packets
 * take long.
 */
export function scenarioToJudge(run: TroublesOfRun): Scenario {
  const { scenario, deadlinesOf, isOverdue, crashes, network } = run;
  const isInTime = !isOverdue && deadlinesOf.every((count) => count === 0);
  const isCalm = crashes === 0 && network.lost === 0 && isInTime;
  if (isCalm) return scenario;
  const delay = { kind: 'constant', us: scenario.endUs * 1_000_000 } as const;
  return { ...scenario, network: { ...scenario.network, delay } };
}

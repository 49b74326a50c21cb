import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { judge, type Judgement } from '../check/judge.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import type { Scenario } from '../scenario.ts';

/** What `check` would say of a chosen run; without what is only known in the end while something may still happen. */
export function judgeChosenRun(entry: OrderingEntry, run: ChosenRun): Judgement {
  return judge(entry, scenarioToJudge(run), run.result(), run.isQuiet);
}

/** Whether nobody delivered anything. */
export function isSilent({ members }: ChosenRun): boolean {
  return members.every(({ record }) => record.sequence.length === 0);
}

/** A member whose deadlines pass may take others for crashed that are only slow, as if packets took long. */
function scenarioToJudge({ scenario, deadlinesOf, crashes, network }: ChosenRun): Scenario {
  const isCalm = crashes === 0 && network.lost === 0 && deadlinesOf.every((count) => count === 0);
  if (isCalm) return scenario;
  const delay = { kind: 'constant', us: scenario.endUs * 1_000_000 } as const;
  return { ...scenario, network: { ...scenario.network, delay } };
}

import type { Scenario } from '../../simulation/scenario.ts';
import type { BoardSetup } from './board-state.ts';

/** What a run of the simulator has that a game needs to be the same: an ordering may draw numbers, and read contents. */
export type BoardScenario = Pick<
  BoardSetup,
  'peers' | 'messages' | 'seed' | 'payloadBytes' | 'workload'
>;

export function boardScenario(scenario: Scenario): BoardScenario {
  const { peers, messages, seed, payloadBytes, workload } = scenario;
  return { peers, messages, seed, payloadBytes, ...(workload === undefined ? {} : { workload }) };
}

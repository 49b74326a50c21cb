import { drawBalances, rangeOfBalances } from '../../charts/balances.ts';
import { createScenario } from '../../cli/simulate/create-scenario.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { simulate } from '../../simulation/simulate.ts';
import { SimulatedBank } from '../../simulation/observers/simulated-bank.ts';
import { simulatedComparison } from '../../simulation/simulated-comparison.ts';

/** What `mpcomm simulate --workload bank --seed SEED --ordering NAME` compares. */
export function simulateBank(ordering: string, seed: number): Comparison {
  const entry = ORDERINGS.get(ordering)!;
  const scenario = createScenario({ workload: 'bank', seed });
  const bank = new SimulatedBank(scenario);
  const result = simulate(entry.create, scenario, bank.observer(null), { measure: true });
  return simulatedComparison(entry, scenario, result, bank);
}

/** Any seed shows it; with this one the lines do not hide each other. */
const SEED = 1;

/** The pictures of docs/bank.md by file name. */
export function drawBankPictures(): readonly (readonly [name: string, svg: string])[] {
  const unordered = simulateBank('unordered', SEED);
  const rangeCents = rangeOfBalances(unordered);
  return [
    ['bank-unordered.svg', drawBalances(unordered, { rangeCents })],
    ['bank-sequencer.svg', drawBalances(simulateBank('sequencer', SEED), { rangeCents })],
  ];
}

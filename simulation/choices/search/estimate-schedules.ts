import type { Causality } from '../states/causality.ts';
import { EndlessScheduleError, type SearchSpace } from './search-space.ts';
import { GroupStates } from '../states/group-states.ts';
import { SearchedRun } from '../states/searched-run.ts';

/** A number of schedules, as estimated from samples. */
export interface Estimate {
  readonly mean: number;
  /** The standard error of the mean. */
  readonly standardError: number;
}

/**
 * Estimates how many schedules a space has from `probes` random ones. A schedule that `isCounted` refuses
 * counts as none.
 *
 * At each step, a probe takes any of the possible choices. The product of their numbers over all steps is the
 * number of ways through the space if every way branched as this one does, which is right on average (Knuth,
 * "Estimating the efficiency of backtrack programs", 1975). The ways that lead to one schedule are the orders
 * in which its steps can be taken (linear extensions of what happened before what), so the product is divided
 * by their number.
 *
 * @throws EndlessScheduleError for a way of more than `stepsMax` steps.
 */
export function estimateSchedules(
  space: SearchSpace,
  probes: number,
  random: () => number,
  isCounted: (run: SearchedRun) => boolean = () => true,
  states = new GroupStates(space.create, space.scenario),
): Estimate {
  let [sum, squares] = [0, 0];
  for (let probe = 0; probe < probes; probe += 1) {
    if (states.isFull) states.forget();
    const run = new SearchedRun(states, space);
    const estimate = probeOnce(run, space.stepsMax ?? Infinity, random, isCounted);
    sum += estimate;
    squares += estimate * estimate;
  }
  const mean = sum / probes;
  return { mean, standardError: Math.sqrt(Math.max(0, squares / probes - mean * mean) / probes) };
}

function probeOnce(
  run: SearchedRun,
  stepsMax: number,
  random: () => number,
  isCounted: (run: SearchedRun) => boolean,
): number {
  let ways = 1;
  for (;;) {
    const enabled = run.enabled();
    if (enabled.length === 0)
      return isCounted(run) ? ways / countOrders(run.causality, run.peers) : 0;
    if (run.length >= stepsMax) throw new EndlessScheduleError(stepsMax, run.choices);
    run.take(enabled[Math.floor(random() * enabled.length)]!);
    ways *= enabled.length;
  }
}

/** In how many orders the steps can be taken: ways through the cuts of what happened before what. */
function countOrders(causality: Causality, peers: number): number {
  const vectors = Array.from({ length: peers }, (_, member) => causality.vectorsOf(member));
  // A cut is a number whose digits say how many steps of each member were taken.
  const radix = vectors.map(({ length }) => length + 1);
  const places = radix.map((_, member) => radix.slice(0, member).reduce((a, b) => a * b, 1));
  const cuts = radix.reduce((a, b) => a * b, 1);
  const ways = new Float64Array(cuts);
  ways[0] = 1;
  const taken = (cut: number, member: number): number =>
    Math.floor(cut / places[member]!) % radix[member]!;
  for (let cut = 0; cut < cuts; cut += 1) {
    if (ways[cut] === 0) continue;
    for (let member = 0; member < peers; member += 1) {
      const vector = vectors[member]![taken(cut, member)];
      if (vector === undefined) continue;
      const isReady = vector.every(
        (count, other) => other === member || count <= taken(cut, other),
      );
      if (isReady) ways[cut + places[member]!]! += ways[cut]!;
    }
  }
  return ways[cuts - 1]!;
}

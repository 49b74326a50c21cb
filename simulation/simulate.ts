import type { Create } from '../core/ordering.ts';
import type { Observer } from './observers/observer.ts';
import type { Scenario } from './scenario.ts';
import type { SimulationOptions, SimulationResult } from './simulation-result.ts';
import { Simulation } from './run/simulation.ts';

export type { DropReason, Observer } from './observers/observer.ts';
export type {
  EndReason,
  HowFar,
  OrderingFailure,
  MemberMeasurements,
  MemberResult,
  SimulationOptions,
  SimulationResult,
} from './simulation-result.ts';

/**
 * Runs one group of `create` through a scenario in virtual time (docs/simulator.md). The function is
 * pure: the same arguments give the same result on every machine, and the same calls of `observer` in
 * the same order. An error that an ordering throws is not thrown but reported, as the failure of its
 * member.
 * @throws RangeError for a scenario that cannot be run: what is wrong with it, and what is allowed.
 */
export function simulate(
  create: Create,
  scenario: Scenario,
  observer: Observer | null = null,
  options: SimulationOptions = {},
): SimulationResult {
  return new Simulation(create, scenario, observer, options).run();
}

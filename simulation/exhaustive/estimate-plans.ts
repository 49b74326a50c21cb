import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { createStream, Stream } from '../../core/base/random-streams.ts';
import { type Estimate, estimateSchedules } from '../choices/search/estimate-schedules.ts';
import type { Fates } from '../choices/fates.ts';
import { EndlessScheduleError } from '../choices/search/search-space.ts';
import { cameTrue } from './fate-plans.ts';
import { ScopeKnowledge } from './scope-knowledge.ts';
import { type Scope, spaceOf } from './scope.ts';

/** Schedules that are drawn for an estimate, of all plans together: a second or less for most scopes. */
const PROBES_DEFAULT = 1_000;
/** The fewest schedules that are drawn for one plan that is looked at. */
const PROBES_OF_PLAN_MIN = 4;

/**
 * How many schedules one level of a scope has: those in which exactly these fates come true. Where there are many
 * plans, by some that lie evenly among them. `onPlan` is called after each that was looked at. `null`: it cannot be
 * told, since a schedule does not end.
 */
export function estimatePlans(
  entry: OrderingEntry,
  scope: Scope,
  plans: readonly Fates[],
  onPlan: () => void = () => undefined,
  probesMax = PROBES_DEFAULT,
): Estimate | null {
  const stride = Math.max(1, Math.ceil((plans.length * PROBES_OF_PLAN_MIN) / probesMax));
  const looked = plans.filter((_, index) => index % stride === 0);
  const probes = Math.max(PROBES_OF_PLAN_MIN, Math.floor(probesMax / looked.length));
  const random = createStream(looked.length, Stream.ordering, 0);
  const { states } = new ScopeKnowledge(entry, scope);
  let [mean, variance] = [0, 0];
  try {
    for (const fates of looked) {
      const space = spaceOf(entry, scope, fates);
      const estimate = estimateSchedules(
        space,
        probes,
        random,
        (run) => cameTrue(fates, run),
        states,
      );
      onPlan();
      mean += estimate.mean;
      variance += estimate.standardError * estimate.standardError;
    }
  } catch (error) {
    if (error instanceof EndlessScheduleError) return null;
    throw error;
  }
  const share = plans.length / looked.length;
  return { mean: mean * share, standardError: Math.sqrt(variance) * share };
}

import type { Finding } from '../check/finding.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import { letArrive } from '../choices/shortest/kind-step.ts';
import { STEPS_MAX } from './scope.ts';

/**
 * Whether messages cause messages for ever: lets everything arrive that is under way, the oldest packet first,
 * without another multicast, deadline or fault, and says so where that does not come to an end. `run` goes on
 * meanwhile. `null`: it ended.
 */
export function findEndlessDelivery(run: ChosenRun): Finding | null {
  if (letArrive(run, STEPS_MAX)) return null;
  const text =
    `once these steps were taken, letting everything arrive does not come to an end: ${STEPS_MAX} arrivals ` +
    `later, with no further multicast and no deadline, packets are still under way (${run.packets.size})`;
  return { name: 'endless', text, observations: [] };
}

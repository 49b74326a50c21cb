import { chosenScenario } from '../../../simulation/choices/chosen-setup.ts';
import type { Scenario } from '../../../simulation/scenario.ts';

/** A scope for chosen schedules. */
export function scopeOf(peers: number, messages: number): Scenario {
  return chosenScenario({ peers, messages });
}

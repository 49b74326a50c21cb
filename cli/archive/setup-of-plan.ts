import type { RunPlan } from '../../control/command.ts';
import type { ChosenSetup } from '../../simulation/choices/chosen-setup.ts';

/** With what a run is played again step by step, so that every peer does the same. */
export function setupOfPlan(
  plan: RunPlan,
): ChosenSetup & { readonly payloadBytes: number; readonly seed: number } {
  const { members, messages, payloadBytes, workload, seed } = plan;
  return {
    peers: members.length,
    messages,
    payloadBytes,
    ...(workload === undefined ? {} : { workload }),
    seed,
  };
}

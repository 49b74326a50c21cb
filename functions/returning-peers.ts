import { setTimeout as sleep } from 'node:timers/promises';
import type { BeginRunOutcome } from '../control/runs/begin-run.ts';

/**
 * A peer that crashed is started again after half a second, and takes about another on an idle machine; where much else
 * runs, it was not back after 8 s. Whoever asked waits for the answer a little longer (cli/site/functions-client.ts).
 */
const RETURN_MS_MAX = 20_000;
const LOOK_PERIOD_MS = 200;

/**
 * The result of `begin`, which is tried again for up to 20 s while there are too few peers for `peers`
 * and the laboratory is known to have enough of them (MPCOMM_PEERS): then one has crashed, and comes
 * back.
 */
export async function whilePeersReturn(
  peers: number,
  begin: () => Promise<BeginRunOutcome>,
): Promise<BeginRunOutcome> {
  const untilMs = performance.now() + RETURN_MS_MAX;
  for (;;) {
    const outcome = await begin();
    const mayReturn = outcome.outcome === 'tooFewPeers' && outcome.live < peersOfLaboratory();
    if (!mayReturn || peers > peersOfLaboratory() || performance.now() >= untilMs) return outcome;
    await sleep(LOOK_PERIOD_MS);
  }
}

/** How many peers the laboratory of this process has; 0 where it does not know, as in the cloud. */
function peersOfLaboratory(): number {
  const count = Number(process.env['MPCOMM_PEERS'] ?? 0);
  return Number.isInteger(count) ? count : 0;
}

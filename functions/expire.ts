import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from '@google-cloud/functions-framework';
import { expireRuns, type Expiry } from '../control/runs/expire-runs.ts';
import { pingPeers } from '../control/runs/ping.ts';
import type { Bus } from '../control/ports.ts';
import { createProblem, type Problem } from '../control/problem.ts';
import { answering, refusedMethod, sendJson, sendProblem } from './answer.ts';
import { getBackend } from './backend.ts';
import { closeInTurn } from './close-in-turn.ts';
import { describeError, log } from './log.ts';

const record = { pingedAtMs: -Infinity };

/** Runs known to be compared, so that not every call looks at every run of the past. */
const settled = new Set<string>();

/**
 * `POST /expire`, for a schedule, closes the runs whose time is over and answers 200 with them and
 * with the members that were missing. When the store gave up on one of them the answer is 503, so
 * that the schedule tries again, and 500 when this program cannot close one; what was closed stays closed,
 * and is told in each case. It also pings the peers.
 */
export async function expire(request: Request, response: Response): Promise<void> {
  if (refusedMethod(request, response)) return;
  await answering(response, async () => {
    const { store, bus, clock } = await getBackend();
    // The ping goes on meanwhile: a bus that does not answer must not keep a run open.
    const pinging = ping(bus, clock());
    const expiry = await expireRuns({ store, clock, pause, close: closeInTurn, settled });
    await pinging;
    logExpiry(expiry);
    const { closed, failed, defects } = expiry;
    if (defects.length > 0) return sendProblem(response, defectProblem(expiry));
    if (failed.length === 0) return sendJson(response, 200, { closed });
    const detail = `${failed.join(', ')} could not be closed now; try again later.`;
    sendProblem(response, createProblem('unavailable', detail, { closed, failed }));
  });
}

function logExpiry({ closed, failed, defects }: Expiry): void {
  for (const { runId, missing } of closed) log('INFO', `run ${runId} closed`, { runId, missing });
  for (const runId of failed) log('WARNING', `run ${runId} could not be closed now`, { runId });
  for (const { runId, error } of defects) {
    log('ERROR', `run ${runId} cannot be closed`, { runId, ...describeError(error) });
  }
}

/** The 500 problem of runs that cannot be closed, with the particulars in the log only. */
function defectProblem({ closed, failed, defects }: Expiry): Problem {
  const runIds = defects.map(({ runId }) => runId);
  const detail = `${runIds.join(', ')} cannot be closed; the log of this function says why.`;
  return createProblem('internal-error', detail, { closed, failed, defects: runIds });
}

/** Pings the peers and never rejects: they bear the silence of a bus that is away. */
async function ping(bus: Bus, nowMs: number): Promise<void> {
  try {
    await pingPeers(bus, nowMs, record);
  } catch (error) {
    log('WARNING', 'the peers could not be pinged', describeError(error));
  }
}

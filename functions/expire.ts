import type { Request, Response } from '@google-cloud/functions-framework';
import { expireRuns } from '../control/runs/expire-runs.ts';
import { pingPeers } from '../control/runs/ping.ts';
import type { Bus } from '../control/ports.ts';
import { createProblem } from '../control/problem.ts';
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
 * that the schedule tries again; what was closed stays closed. It also pings the peers.
 */
export async function expire(request: Request, response: Response): Promise<void> {
  if (refusedMethod(request, response)) return;
  await answering(response, async () => {
    const { store, bus, clock } = await getBackend();
    // The ping goes on meanwhile: a bus that does not answer must not keep a run open.
    const pinging = ping(bus, clock());
    const { closed, failed } = await expireRuns({
      store,
      nowMs: clock(),
      close: closeInTurn,
      settled,
    });
    await pinging;
    for (const { runId, missing } of closed) log('INFO', `run ${runId} closed`, { runId, missing });
    if (failed.length === 0) return sendJson(response, 200, { closed });
    const detail = `The store did not answer for ${failed.join(', ')}; try again later.`;
    sendProblem(response, createProblem('unavailable', detail, { closed, failed }));
  });
}

/** Pings the peers and never rejects: they bear the silence of a bus that is away. */
async function ping(bus: Bus, nowMs: number): Promise<void> {
  try {
    await pingPeers(bus, nowMs, record);
  } catch (error) {
    log('WARNING', 'the peers could not be pinged', describeError(error));
  }
}

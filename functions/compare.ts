import type { CloudEvent } from '@google-cloud/functions-framework';
import { mayWorkLater } from '../control/unavailable.ts';
import { getBackend } from './backend.ts';
import { closeInTurn } from './close-in-turn.ts';
import { runIdOfEvent } from './event-run-id.ts';
import { describeError, log } from './log.ts';

/**
 * Handles the creation of a report: closes its run if that was the last one. Rejects only for
 * what may work later (the store did not answer, memory was short), so that the event comes again; an event
 * that means nothing, or that this program cannot digest, would otherwise come again for days.
 */
export async function compare(event: CloudEvent<unknown>): Promise<void> {
  const runId = runIdOfEvent(event);
  if (runId === null) {
    log('WARNING', 'an event that names no report was ignored');
    return;
  }
  try {
    const { store, clock } = await getBackend();
    const closing = await closeInTurn({ store, nowMs: clock() }, runId);
    log('INFO', `run ${runId}: comparison ${closing}`, { runId, closing });
  } catch (error) {
    log('ERROR', `run ${runId} was not compared`, { runId, ...describeError(error) });
    if (mayWorkLater(error)) throw error;
  }
}

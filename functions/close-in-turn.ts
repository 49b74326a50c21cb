import { closeRun, type CloseRunContext, type Closing } from '../control/runs/close-run.ts';

/** The last call of each run that is under way. */
const underWay = new Map<string, Promise<Closing>>();

/**
 * Calls `closeRun`, but one call a run at a time within this instance: the last reports come together,
 * with an event each, and a comparison of millions of deliveries need not be made for every one. A call
 * that waited looks again unless the comparison was made, because its report may not have been seen.
 */
export async function closeInTurn(context: CloseRunContext, runId: string): Promise<Closing> {
  const turn = takeTurn(underWay.get(runId), context, runId);
  underWay.set(runId, turn);
  try {
    return await turn;
  } finally {
    if (underWay.get(runId) === turn) underWay.delete(runId);
  }
}

async function takeTurn(
  before: Promise<Closing> | undefined,
  context: CloseRunContext,
  runId: string,
): Promise<Closing> {
  // The failure of an earlier call means nothing for this one.
  const earlier = await before?.catch(() => null);
  return earlier === 'created' || earlier === 'exists' ? 'exists' : closeRun(context, runId);
}

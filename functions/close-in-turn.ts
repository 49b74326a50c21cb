import { closeRun, type CloseRunContext, type Closing } from '../control/runs/close-run.ts';

/** One call of `closeRun`, shared by all who asked for it before it began. */
class Turn {
  /** The latest context of those who share it. */
  context: CloseRunContext;
  hasBegun = false;
  readonly closing: Promise<Closing>;

  /** It begins once the turn `before` has ended, if there is one. */
  constructor(context: CloseRunContext, before: Turn | undefined, runId: string) {
    this.context = context;
    this.closing = this.#close(before, runId);
  }

  async #close(before: Turn | undefined, runId: string): Promise<Closing> {
    // The failure of an earlier call means nothing for this one.
    const earlier = await before?.closing.catch(() => null);
    this.hasBegun = true;
    const isCompared = earlier === 'created' || earlier === 'exists';
    return isCompared ? 'exists' : closeRun(this.context, runId);
  }
}

/** The latest turn of each run that is under way; at most one other, the one before it, has not ended. */
const latest = new Map<string, Turn>();

/**
 * Calls `closeRun`, but for each run one call at a time within this instance, and at most one that waits
 * for its turn. The last reports of a run come together, with an event each, and every call reads the run
 * anew. Whoever comes while a call is under way shares the next one: that begins after their event, and so
 * sees their report, which the one under way may have missed. It need not look again where the comparison
 * was made meanwhile. Of those who share a call, only the first hears that it `created` the comparison.
 */
export async function closeInTurn(context: CloseRunContext, runId: string): Promise<Closing> {
  const before = latest.get(runId);
  if (before === undefined || before.hasBegun) {
    const turn = new Turn(context, before, runId);
    latest.set(runId, turn);
    return turn.closing.finally(() => {
      if (latest.get(runId) === turn) latest.delete(runId);
    });
  }
  if (context.nowMs > before.context.nowMs) before.context = context;
  const closing = await before.closing;
  return closing === 'created' ? 'exists' : closing;
}

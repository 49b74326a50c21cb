import { setTimeout as sleep } from 'node:timers/promises';
import type { RunPlan } from '../control/command.ts';
import { comparisonSchema, type Comparison } from '../control/comparison-document.ts';
import { paths, runSchema } from '../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../control/limits.ts';
import type { Store } from '../control/ports.ts';
import { readProgress, type RunProgress } from '../control/run-state.ts';
import { Failure } from './failure.ts';

const POLL_MS = 150;
/** After a run's deadline and the grace for uploads: for the schedule and the comparison itself. */
const COMPARE_MS_MAX = 60_000;

/**
 * Waits for the comparison of a run. Throws `Failure`, which names the peers whose reports are
 * missing, when there is none a minute after the run was due to be closed.
 */
export async function followRun(
  store: Store,
  plan: RunPlan,
  show: (progress: RunProgress, elapsedMs: number) => void,
  signal: AbortSignal,
): Promise<Comparison> {
  const untilMs = plan.deadlineMs + UPLOAD_GRACE_MS + COMPARE_MS_MAX;
  for (;;) {
    signal.throwIfAborted();
    const nowMs = Date.now();
    const progress = await readProgress(store, plan, nowMs);
    show(progress, Math.max(0, nowMs - plan.createdAtMs));
    if (progress.phase === 'compared') return readComparison(store, plan.runId);
    if (nowMs > untilMs) throw new Failure(describeLateness(plan, progress));
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** What was asked of a run. Throws `Failure` when there is no such run. */
export async function readPlan(store: Store, runId: string): Promise<RunPlan> {
  const document = await store.read(paths.run(runId));
  if (document === undefined) throw new Failure(`there is no run ${runId} in this store`);
  return runSchema.parse(document.fields).plan;
}

/** The comparison of a run. Throws `Failure` when there is none, or none that this version reads. */
export async function readComparison(store: Store, runId: string): Promise<Comparison> {
  const document = await store.read(paths.comparison(runId));
  if (document === undefined) throw new Failure(`run ${runId} has no comparison yet`);
  const comparison = comparisonSchema.safeParse(document.fields);
  if (comparison.success) return comparison.data;
  throw new Failure(`the comparison of run ${runId} was written by another version of mpcomm`);
}

/** Members without a report, in their order. */
export function missingReports({ members }: RunProgress): string[] {
  return members.filter(({ outcome }) => outcome === null).map(({ peerId }) => peerId);
}

function describeLateness(plan: RunPlan, progress: RunProgress): string {
  const missing = missingReports(progress);
  const who = missing.length === 0 ? 'all peers reported' : `no report of ${missing.join(', ')}`;
  return (
    `run ${plan.runId} has no comparison ${COMPARE_MS_MAX / 1_000} s after it was due ` +
    `(${who}); are the functions and the schedule up?`
  );
}

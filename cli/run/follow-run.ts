import { setTimeout as sleep } from 'node:timers/promises';
import type { RunPlan } from '../../control/command.ts';
import { comparisonSchema, type Comparison } from '../../control/comparison-document.ts';
import { paths, runSchema } from '../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../control/limits.ts';
import { nameSome } from '../../control/name-some.ts';
import type { Backend, Document, Store } from '../../control/ports.ts';
import { printableDeep } from '../../control/printable.ts';
import { ProgressReader, type RunProgress } from '../../control/runs/run-state.ts';
import { describeWaiting, isPastSends } from './awaited-members.ts';
import { Failure } from '../shell/failure.ts';
import { StandstillWatch } from './standstill-watch.ts';

const POLL_MS_DEFAULT = 150;
const REGISTRY_PERIOD_MS = 1_000;
/** After a run's deadline and the grace for uploads: for the schedule and the comparison itself. */
const COMPARE_MS_MAX = 60_000;

/** Gets how far a run has come, and whom it waits for where that is worth telling. */
export type ShowProgress = (
  progress: RunProgress,
  elapsedMs: number,
  waiting: string | null,
) => void;

/** Where a run is followed. */
export interface FollowedStore extends Pick<Backend, 'store'> {
  /** Why the store cannot be written at this moment, with the cure; `null` where it can, or nobody knows. */
  readonly whyUnwritable?: () => Promise<string | null>;
}

/**
 * Waits for the comparison of a run that has just begun. Throws `Failure` with the reason once nothing goes on because the
 * store cannot be written; and one that names the peers whose reports are missing, when there is no comparison a
 * minute after the run was due to be closed.
 */
export async function followRun(
  { store, whyUnwritable = async () => null }: FollowedStore,
  plan: RunPlan,
  show: ShowProgress,
  signal: AbortSignal,
  pollMs = POLL_MS_DEFAULT,
): Promise<Comparison> {
  // The plan has the times of whoever began the run, and this machine's clock may be minutes off: only how long it has been counts.
  const followedFrom = performance.now();
  const untilMs = plan.deadlineMs + UPLOAD_GRACE_MS + COMPARE_MS_MAX;
  const readRegistry = createRegistryReader(store);
  const reader = new ProgressReader(store, plan);
  const standstill = new StandstillWatch(whyUnwritable);
  for (;;) {
    signal.throwIfAborted();
    const nowMs = plan.createdAtMs + (performance.now() - followedFrom);
    const progress = await reader.read(nowMs);
    const waiting = isPastSends(plan, nowMs)
      ? describeWaiting(plan, progress, await readRegistry(nowMs), nowMs)
      : null;
    show(progress, nowMs - plan.createdAtMs, waiting);
    if (progress.phase === 'compared') return readComparison(store, plan.runId);
    const unwritable = await standstill.look(progress, nowMs);
    if (unwritable !== null) throw new Failure(`run ${plan.runId} cannot go on: ${unwritable}`);
    if (nowMs > untilMs) throw new Failure(describeLateness(plan, progress));
    await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Reads who is registered, at most once a second. */
function createRegistryReader(store: Store): (nowMs: number) => Promise<readonly Document[]> {
  let registry: readonly Document[] = [];
  let readAtMs = -Infinity;
  return async (nowMs) => {
    if (nowMs - readAtMs >= REGISTRY_PERIOD_MS) {
      registry = await store.list(paths.peers, { bytes: false });
      readAtMs = nowMs;
    }
    return registry;
  };
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
  // Whoever may write into the store could write escape sequences for the terminal that shows it.
  const comparison = comparisonSchema.safeParse(printableDeep(document.fields));
  if (comparison.success) return comparison.data;
  throw new Failure(`the comparison of run ${runId} was written by another version of mpcomm`);
}

/** Whose report is missing, such as "no report of peer-1, peer-2". */
export function describeReports({ members }: RunProgress): string {
  const silent = members.filter(({ outcome }) => outcome === null);
  if (silent.length === 0) return 'all peers reported';
  return `no report of ${nameSome(silent.map(({ peerId }) => peerId))}`;
}

function describeLateness(plan: RunPlan, progress: RunProgress): string {
  return (
    `run ${plan.runId} has no comparison ${COMPARE_MS_MAX / 1_000} s after it was due ` +
    `(${describeReports(progress)}); are the functions and the schedule up?`
  );
}

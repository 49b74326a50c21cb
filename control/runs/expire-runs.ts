import type { CloseRunContext, Closing } from './close-run.ts';
import { comparisonSchema, type PeerResult } from '../comparison-document.ts';
import { paths } from '../documents.ts';
import { lastSegment } from '../comparison/read-reports.ts';
import type { Store, WallClock } from '../ports.ts';
import { mayWorkLater, reach } from '../unavailable.ts';
import { WATCH_MS } from './lost-members.ts';

/**
 * How many of the latest runs are looked at: only one is active at a time, so older ones are closed
 * long ago.
 */
const RUNS_MAX = 50;

/** A doubted run is looked at again each second, and once more when WATCH_MS are over. */
const LOOK_PERIOD_MS = 1_000;
const FURTHER_LOOKS_MAX = Math.ceil(WATCH_MS / LOOK_PERIOD_MS) + 1;

/** A run that was closed without all of its members' reports, or with all. */
export interface ExpiredRun {
  readonly runId: string;
  /** Members without a usable report, and in which way. */
  readonly missing: readonly Pick<PeerResult, 'peerId' | 'zone' | 'standing'>[];
}

export interface Expiry {
  readonly closed: ExpiredRun[];
  /** Runs that could not be closed now, as the store gave up on them: the next call tries them again. */
  readonly failed: string[];
  /** Runs that this program cannot close at all. */
  readonly defects: RunDefect[];
}

/** What went wrong with a run, which no waiting mends. */
export interface RunDefect {
  readonly runId: string;
  readonly error: unknown;
}

export interface ExpireRunsContext {
  readonly store: Store;
  readonly clock: WallClock;
  /** Resolves after `ms` milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** `closeRun`, or what calls it. */
  readonly close: (context: CloseRunContext, runId: string) => Promise<Closing>;
  /**
   * Runs that are known to be compared: they are not looked at again, because a comparison stays.
   * Kept by the caller from call to call; this function adds to it and forgets what is old.
   */
  readonly settled: Set<string>;
}

/**
 * Closes each of the latest 50 runs that can be closed: those whose deadline and time to upload have
 * passed, and those whose last report came but whose event was lost. For a schedule: calls may come
 * at any time and at once. Throws `UnavailableError` when the runs cannot be listed; what is wrong with one run keeps
 * no other open.
 *
 * A run whose members seem to be gone is watched for WATCH_MS before it is closed. This call may have waited for
 * a store that was away, and then reads it before the peers have written to it again: all of them would be taken for dead,
 * for good.
 */
export async function expireRuns(context: ExpireRunsContext): Promise<Expiry> {
  const { store, clock, pause, settled } = context;
  const runs = await reach('store', () => store.list(paths.runs, { bytes: false, last: RUNS_MAX }));
  const runIds = runs.map(({ path }) => lastSegment(path));
  for (const runId of settled) if (!runIds.includes(runId)) settled.delete(runId);
  const expiry: Expiry = { closed: [], failed: [], defects: [] };
  let doubted: string[] = [];
  for (const runId of runIds.filter((each) => !settled.has(each))) {
    const became = await look(context, expiry, runId, { store, nowMs: clock() });
    if (became === 'doubted') doubted.push(runId);
  }
  const answersSinceMs = clock();
  for (let looks = 0; doubted.length > 0 && looks < FURTHER_LOOKS_MAX; looks += 1) {
    await pause(LOOK_PERIOD_MS);
    const still: string[] = [];
    for (const runId of doubted) {
      const became = await look(context, expiry, runId, { store, nowMs: clock(), answersSinceMs });
      if (became === 'doubted') still.push(runId);
    }
    doubted = still;
  }
  return expiry;
}

/** What became of one attempt, which is noted in `expiry`; `null` where it failed. */
async function look(
  { close, settled }: ExpireRunsContext,
  { closed, failed, defects }: Expiry,
  runId: string,
  closing: CloseRunContext,
): Promise<Closing | null> {
  try {
    const became = await close(closing, runId);
    if (became === 'created') closed.push(await describe(closing, runId));
    if (became === 'created' || became === 'exists') settled.add(runId);
    return became;
  } catch (error) {
    if (mayWorkLater(error)) failed.push(runId);
    else defects.push({ runId, error });
    return null;
  }
}

async function describe({ store }: CloseRunContext, runId: string): Promise<ExpiredRun> {
  const document = await reach('store', () => store.read(paths.comparison(runId)));
  const comparison = comparisonSchema.parse(document?.fields);
  const missing = comparison.perPeer
    .filter(({ standing }) => standing !== 'reported')
    .map(({ peerId, zone, standing }) => ({ peerId, zone, standing }));
  return { runId, missing };
}

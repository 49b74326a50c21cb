import type { CloseRunContext, Closing } from './close-run.ts';
import { comparisonSchema, type PeerResult } from '../comparison-document.ts';
import { paths } from '../documents.ts';
import { lastSegment } from '../comparison/read-reports.ts';
import { mayWorkLater, reach } from '../unavailable.ts';

/**
 * How many of the latest runs are looked at: only one is active at a time, so older ones are closed
 * long ago.
 */
const RUNS_MAX = 50;

/** A run that was closed without all of its members' reports, or with all. */
export interface ExpiredRun {
  readonly runId: string;
  /** Members without a usable report, and in which way. */
  readonly missing: readonly Pick<PeerResult, 'peerId' | 'zone' | 'standing'>[];
}

export interface Expiry {
  readonly closed: readonly ExpiredRun[];
  /** Runs that could not be closed now, as the store gave up on them: the next call tries them again. */
  readonly failed: readonly string[];
  /** Runs that this program cannot close at all. */
  readonly defects: readonly RunDefect[];
}

/** What went wrong with a run, which no waiting mends. */
export interface RunDefect {
  readonly runId: string;
  readonly error: unknown;
}

export interface ExpireRunsContext extends CloseRunContext {
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
 */
export async function expireRuns(context: ExpireRunsContext): Promise<Expiry> {
  const { store, close, settled } = context;
  const runs = await reach('store', () => store.list(paths.runs, { bytes: false, last: RUNS_MAX }));
  const runIds = runs.map(({ path }) => lastSegment(path));
  for (const runId of settled) if (!runIds.includes(runId)) settled.delete(runId);
  const closed: ExpiredRun[] = [];
  const failed: string[] = [];
  const defects: RunDefect[] = [];
  for (const runId of runIds.filter((each) => !settled.has(each))) {
    try {
      const closing = await close(context, runId);
      if (closing === 'created') closed.push(await describe(context, runId));
      if (closing === 'created' || closing === 'exists') settled.add(runId);
    } catch (error) {
      if (mayWorkLater(error)) failed.push(runId);
      else defects.push({ runId, error });
    }
  }
  return { closed, failed, defects };
}

async function describe({ store }: CloseRunContext, runId: string): Promise<ExpiredRun> {
  const document = await reach('store', () => store.read(paths.comparison(runId)));
  const comparison = comparisonSchema.parse(document?.fields);
  const missing = comparison.perPeer
    .filter(({ standing }) => standing !== 'reported')
    .map(({ peerId, zone, standing }) => ({ peerId, zone, standing }));
  return { runId, missing };
}

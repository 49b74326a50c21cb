import type { CloseRunContext, Closing } from './close-run.ts';
import { comparisonSchema, type PeerResult } from '../comparison-document.ts';
import { paths } from '../documents.ts';
import { lastSegment } from '../comparison/read-reports.ts';
import { reach, UnavailableError } from '../unavailable.ts';

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
  /** Runs that the store gave up on: the next call tries them again. */
  readonly failed: readonly string[];
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
 * at any time and at once. Throws `UnavailableError` when the runs cannot be listed; and, after all were tried, the
 * first error that was a defect.
 */
export async function expireRuns(context: ExpireRunsContext): Promise<Expiry> {
  const { store, close, settled } = context;
  const runs = await reach('store', () => store.list(paths.runs, { bytes: false, last: RUNS_MAX }));
  const runIds = runs.map(({ path }) => lastSegment(path));
  for (const runId of settled) if (!runIds.includes(runId)) settled.delete(runId);
  const closed: ExpiredRun[] = [];
  const failed: string[] = [];
  const defects: unknown[] = [];
  for (const runId of runIds.filter((each) => !settled.has(each))) {
    try {
      const closing = await close(context, runId);
      if (closing === 'created') closed.push(await describe(context, runId));
      if (closing === 'created' || closing === 'exists') settled.add(runId);
    } catch (error) {
      // A run that cannot be read now, or compared at all, must not keep the others open.
      if (error instanceof UnavailableError) failed.push(runId);
      else defects.push(error);
    }
  }
  if (defects.length > 0) throw defects[0];
  return { closed, failed };
}

async function describe({ store }: CloseRunContext, runId: string): Promise<ExpiredRun> {
  const document = await reach('store', () => store.read(paths.comparison(runId)));
  const comparison = comparisonSchema.parse(document?.fields);
  const missing = comparison.perPeer
    .filter(({ standing }) => standing !== 'reported')
    .map(({ peerId, zone, standing }) => ({ peerId, zone, standing }));
  return { runId, missing };
}

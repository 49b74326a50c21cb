import type { RunPlan } from './command.ts';
import { chunkSchema, paths, reportSchema, type Report } from './documents.ts';
import { UPLOAD_GRACE_MS } from './limits.ts';
import type { Document, Store } from './ports.ts';
import { lastSegment } from './read-reports.ts';

/**
 * Where a run stands; nowhere stored, but derived from which documents exist and what time it is.
 * `joining`: no member has written anything; `running`: some have; `comparing`: all have reported;
 * `overdue`: its time is over, and whoever calls expire next closes it; `compared`: it is done.
 */
export type RunPhase = 'joining' | 'running' | 'comparing' | 'overdue' | 'compared';

/** How far one member has come, by what it has uploaded. */
export interface MemberProgress {
  readonly peerId: string;
  readonly zone: string;
  readonly deliveries: number;
  readonly multicasts: number;
  /** `null` until it reports. */
  readonly outcome: Report['outcome'] | null;
}

export interface RunProgress {
  readonly phase: RunPhase;
  readonly members: readonly MemberProgress[];
  /** Over all members. */
  readonly deliveries: number;
  readonly deliveriesExpected: number;
}

/** The documents of a run, as far as progress needs them. */
export interface RunDocuments {
  readonly compared: boolean;
  readonly reports: readonly Document[];
  /** Their bytes may be left out. */
  readonly chunks: readonly Document[];
}

/** Reads how far a run has come, without the bytes of its chunks. */
export async function readProgress(
  store: Store,
  plan: RunPlan,
  nowMs: number,
): Promise<RunProgress> {
  const { runId } = plan;
  const [comparison, reports, chunks] = await Promise.all([
    store.read(paths.comparison(runId)),
    store.list(paths.reports(runId), { bytes: false }),
    store.list(paths.chunks(runId), { bytes: false }),
  ]);
  return deriveProgress(plan, { compared: comparison !== undefined, reports, chunks }, nowMs);
}

/** Takes the documents at their word: only the comparison checks them. */
export function deriveProgress(plan: RunPlan, documents: RunDocuments, nowMs: number): RunProgress {
  const uploaded = countChunks(documents.chunks);
  const reports = new Map(documents.reports.map(({ path, fields }) => [lastSegment(path), fields]));
  const members = plan.members.map(({ peerId, zone }): MemberProgress => {
    const outcome = reportSchema.shape.outcome.safeParse(reports.get(peerId)?.['outcome']);
    const { deliveries, multicasts } = uploaded.get(peerId) ?? { deliveries: 0, multicasts: 0 };
    return { peerId, zone, deliveries, multicasts, outcome: outcome.data ?? null };
  });
  return {
    phase: phaseOf(plan, documents, reports, nowMs),
    members,
    deliveries: members.reduce((sum, { deliveries }) => sum + deliveries, 0),
    deliveriesExpected: plan.members.length ** 2 * plan.messages,
  };
}

function countChunks(
  chunks: readonly Document[],
): Map<string, { deliveries: number; multicasts: number }> {
  const counts = new Map<string, { deliveries: number; multicasts: number }>();
  for (const { fields } of chunks) {
    const chunk = chunkSchema.safeParse(fields);
    if (!chunk.success) continue;
    const { peerId, deliveries, multicasts } = chunk.data;
    const count = counts.get(peerId) ?? { deliveries: 0, multicasts: 0 };
    count.deliveries += deliveries;
    count.multicasts += multicasts;
    counts.set(peerId, count);
  }
  return counts;
}

function phaseOf(
  plan: RunPlan,
  { compared, chunks }: RunDocuments,
  reports: ReadonlyMap<string, unknown>,
  nowMs: number,
): RunPhase {
  if (compared) return 'compared';
  if (plan.members.every(({ peerId }) => reports.has(peerId))) return 'comparing';
  if (nowMs >= plan.deadlineMs + UPLOAD_GRACE_MS) return 'overdue';
  return reports.size + chunks.length > 0 ? 'running' : 'joining';
}

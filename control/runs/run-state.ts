import type { RunPlan } from '../command.ts';
import { chunkSchema, paths, reportSchema, type Report } from '../documents.ts';
import { UPLOAD_GRACE_MS } from '../limits.ts';
import type { Store } from '../ports.ts';
import { lastSegment, listReports } from '../comparison/read-reports.ts';

/**
 * Where a run stands; nowhere stored, but derived from which documents exist and what time it is.
 * `joining`: no member has written anything; `running`: some have; `comparing`: all have reported;
 * `overdue`: its time is over, and whoever calls expire next closes it, as where a laboratory ended before it compared;
 * `compared`: it is done.
 */
export type RunPhase = 'joining' | 'running' | 'comparing' | 'overdue' | 'compared';

/** How far one member has come, by what it has uploaded. */
export interface MemberProgress {
  readonly peerId: string;
  readonly zone: string;
  readonly deliveries: number;
  readonly multicasts: number;
  /** The outcome of its run; `null` until it reports. */
  readonly outcome: Report['outcome'] | null;
}

export interface RunProgress {
  readonly phase: RunPhase;
  readonly members: readonly MemberProgress[];
  /** Deliveries of all members together. */
  readonly deliveries: number;
  readonly deliveriesExpected: number;
}

/** Reads how far a run has come, without the bytes of its chunks. */
export function readProgress(store: Store, plan: RunPlan, nowMs: number): Promise<RunProgress> {
  return new ProgressReader(store, plan).read(nowMs);
}

/** The most new chunks of one member that one look takes in; the next look goes on from there. */
const CHUNKS_A_LOOK_MAX = 1_000;

interface Uploaded {
  /** The id of the last chunk that was seen. */
  seen: string;
  deliveries: number;
  multicasts: number;
}

/**
 * Follows a run: each look reads only what is new since the one before. A chunk never changes once it
 * is there, and in the cloud every document that is read costs money. Takes the documents at their
 * word: only the comparison checks them.
 */
export class ProgressReader {
  readonly #store: Store;
  readonly #plan: RunPlan;
  readonly #uploaded: ReadonlyMap<string, Uploaded>;

  constructor(store: Store, plan: RunPlan) {
    this.#store = store;
    this.#plan = plan;
    const nothing = ({ peerId }: { peerId: string }): [string, Uploaded] => [
      peerId,
      { seen: `${peerId}.`, deliveries: 0, multicasts: 0 },
    ];
    this.#uploaded = new Map(plan.members.map(nothing));
  }

  async read(nowMs: number): Promise<RunProgress> {
    const plan = this.#plan;
    const [comparison, documents] = await Promise.all([
      this.#store.read(paths.comparison(plan.runId)),
      listReports(this.#store, plan),
      ...plan.members.map(({ peerId }) => this.#readChunks(peerId)),
    ]);
    const reports = new Map(documents.map(({ path, fields }) => [lastSegment(path), fields]));
    const members = plan.members.map(({ peerId, zone }): MemberProgress => {
      const outcome = reportSchema.shape.outcome.safeParse(reports.get(peerId)?.['outcome']);
      const { deliveries, multicasts } = this.#uploaded.get(peerId)!;
      return { peerId, zone, deliveries, multicasts, outcome: outcome.data ?? null };
    });
    return {
      phase: this.#phaseOf(comparison !== undefined, reports, nowMs),
      members,
      deliveries: members.reduce((sum, { deliveries }) => sum + deliveries, 0),
      deliveriesExpected: plan.members.length * plan.members.length * plan.messages,
    };
  }

  async #readChunks(peerId: string): Promise<void> {
    const uploaded = this.#uploaded.get(peerId)!;
    const options = {
      prefix: `${peerId}.`,
      after: uploaded.seen,
      first: CHUNKS_A_LOOK_MAX,
      bytes: false,
    };
    for (const { path, fields } of await this.#store.list(
      paths.chunks(this.#plan.runId),
      options,
    )) {
      uploaded.seen = lastSegment(path);
      const chunk = chunkSchema.safeParse(fields);
      if (!chunk.success || chunk.data.peerId !== peerId) continue;
      uploaded.deliveries += chunk.data.deliveries;
      uploaded.multicasts += chunk.data.multicasts;
    }
  }

  #phaseOf(compared: boolean, reports: ReadonlyMap<string, unknown>, nowMs: number): RunPhase {
    const { members, deadlineMs } = this.#plan;
    if (compared) return 'compared';
    if (nowMs >= deadlineMs + UPLOAD_GRACE_MS) return 'overdue';
    if (members.every(({ peerId }) => reports.has(peerId))) return 'comparing';
    const hasChunks = [...this.#uploaded].some(([peerId, { seen }]) => seen !== `${peerId}.`);
    return reports.size > 0 || hasChunks ? 'running' : 'joining';
  }
}

import type {
  GridProgressDocument,
  LaboratoryStatus,
  LiveProgress,
  RegisteredPeer,
} from '../../control/api/dashboard-documents.ts';
import type { RunPlan } from '../../control/command.ts';
import { leaseSchema, paths, runSchema } from '../../control/documents.ts';
import type { Store } from '../../control/ports.ts';
import { isLive, registeredPeers } from '../../control/runs/choose-members.ts';
import { ProgressReader, type RunProgress } from '../../control/runs/run-state.ts';
import type { LaboratoryRecord } from '../../local/laboratory-file.ts';
import type { Archive } from '../archive/archive.ts';
import type { DashboardSource } from './dashboard-source.ts';
import type { RunSummaries } from './run-summaries.ts';

const PROBE_MS_MAX = 2_000;
const PROBE_PERIOD_MS = 1_000;
/** How long an overdue run is followed: after that nobody will close it any more. */
const OVERDUE_MS_MAX = 60_000;

interface Followed {
  readonly plan: RunPlan;
  readonly reader: ProgressReader;
  last: LiveProgress | null;
}

/** Finds out how the laboratory is, who is registered, and how far its run has come. */
export class StatusReader {
  readonly #source: DashboardSource;
  readonly #summaries: RunSummaries;
  readonly #grid: () => GridProgressDocument | null;
  #followed: Followed | null = null;
  #probedAtMs = -Infinity;
  #answers = true;

  constructor(
    source: DashboardSource,
    summaries: RunSummaries,
    grid: () => GridProgressDocument | null,
  ) {
    this.#source = source;
    this.#summaries = summaries;
    this.#grid = grid;
  }

  get backend(): 'gcp' | null {
    return this.#source.backend;
  }

  async read(): Promise<LaboratoryStatus> {
    const record = await this.#source.laboratory();
    const archive = await this.#source.archive();
    const opened = archive.opened;
    const nowMs = opened?.clock() ?? Date.now();
    const [registry, latestId, answers] = await Promise.all([
      opened?.store.list(paths.peers, { bytes: false }) ?? [],
      archive.runIds(1).then((ids) => ids.at(-1) ?? null),
      this.#functionsAnswer(record),
    ]);
    const latest = latestId === null ? null : await this.#summaries.read(archive, latestId);
    const progress =
      opened === null ? null : await this.#follow(opened.store, nowMs, latestId ?? null);
    return {
      ...this.#standing(record, answers, archive),
      backend: this.backend ?? record?.backend ?? 'embedded',
      place: archive.place,
      lookedAtMs: nowMs,
      peers: registeredPeers(registry).map((entry): RegisteredPeer => ({
        peerId: entry.peerId,
        zone: entry.zone,
        address: `${entry.host}:${entry.port}`,
        startedAtMs: entry.startedAtMs,
        heartbeatAtMs: entry.heartbeatAtMs,
        live: isLive(entry, nowMs),
      })),
      orderings: [...(await this.#source.orderings())],
      progress,
      latest,
      grid: this.#grid(),
    };
  }

  /** What is told when a look failed: what was known before, and why nothing newer is. */
  trouble(sentence: string, last: LaboratoryStatus | null): LaboratoryStatus {
    const unknown = { peers: [], orderings: [], progress: null, latest: null };
    const known = last ?? {
      ...unknown,
      backend: this.backend ?? 'embedded',
      place: this.#source.directory.path,
      lookedAtMs: 0,
    };
    return { ...known, state: 'slow', sentence, grid: this.#grid() };
  }

  #standing(
    record: LaboratoryRecord | null,
    answers: boolean,
    archive: Archive,
  ): Pick<LaboratoryStatus, 'state' | 'sentence'> {
    if (this.backend === 'gcp') return { state: 'up', sentence: 'The laboratory is in the cloud.' };
    if (archive.trouble !== null) return { state: 'slow', sentence: `${archive.trouble}.` };
    if (record === null) {
      const start = 'start one with "mpcomm up" in a terminal';
      const sentence = `No laboratory is up: ${start}. Its earlier runs can be read.`;
      return { state: 'down', sentence };
    }
    const process = `process ${record.pid}`;
    if (record.url === null) {
      return { state: 'starting', sentence: `The laboratory (${process}) is starting.` };
    }
    if (archive.opened === null) {
      return {
        state: 'slow',
        sentence: `The store of the laboratory (${process}) cannot be read.`,
      };
    }
    if (answers) {
      return { state: 'up', sentence: `The laboratory (${process}, ${record.url}) is up.` };
    }
    const sentence =
      `The laboratory (${process}) is there, and its functions at ${record.url} do not answer ` +
      `within ${PROBE_MS_MAX / 1_000} s: no run can be begun.`;
    return { state: 'silent', sentence };
  }

  /** Whether the functions on this machine answer; they are asked only now and then. */
  async #functionsAnswer(record: LaboratoryRecord | null): Promise<boolean> {
    if (record?.url == null) return true;
    const nowMs = performance.now();
    if (nowMs - this.#probedAtMs < PROBE_PERIOD_MS) return this.#answers;
    this.#probedAtMs = nowMs;
    this.#answers = await fetch(record.url, { signal: AbortSignal.timeout(PROBE_MS_MAX) }).then(
      async (response) => (await response.arrayBuffer()).byteLength > 0,
      () => false,
    );
    return this.#answers;
  }

  /** How far the run that holds the lease has come, or else the last run. */
  async #follow(store: Store, nowMs: number, latestId: string | null) {
    const lease = leaseSchema.safeParse((await store.read(paths.lease))?.fields).data;
    const runId = lease !== undefined && lease.untilMs > nowMs ? lease.runId : latestId;
    if (runId === null) return null;
    if (this.#followed?.plan.runId !== runId) this.#followed = await beginToFollow(store, runId);
    const followed = this.#followed;
    if (followed === null || isOver(followed, nowMs)) return followed?.last ?? null;
    followed.last = toLive(followed.plan, await followed.reader.read(nowMs));
    return followed.last;
  }
}

async function beginToFollow(store: Store, runId: string): Promise<Followed | null> {
  const plan = runSchema.safeParse((await store.read(paths.run(runId)))?.fields).data?.plan;
  return plan === undefined ? null : { plan, reader: new ProgressReader(store, plan), last: null };
}

function isOver({ plan, last }: Followed, nowMs: number): boolean {
  return last?.phase === 'compared' || (last !== null && nowMs > plan.deadlineMs + OVERDUE_MS_MAX);
}

function toLive(plan: RunPlan, { phase, members, deliveriesExpected }: RunProgress): LiveProgress {
  const { runId, ordering, createdAtMs, deadlineMs } = plan;
  return {
    runId,
    ordering,
    phase,
    createdAtMs,
    deadlineMs,
    deliveriesExpected,
    members: members.map((member) => ({ ...member })),
  };
}

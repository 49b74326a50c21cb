import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { buildComparison } from '../comparison/build-comparison.ts';
import { fitDocument } from '../comparison/fit-document.ts';
import type { MemberLog } from '../comparison/member-log.ts';
import type { PlannedMember, RunPlan } from '../command.ts';
import {
  paths,
  registryEntrySchema,
  runSchema,
  type Network,
  type RegistryEntry,
  type Run,
} from '../documents.ts';
import { UPLOAD_GRACE_MS } from '../limits.ts';
import { runIdSchema } from '../names.ts';
import { nameSome } from '../name-some.ts';
import type { Store } from '../ports.ts';
import { findStrangers, readChunkedLog, type Log } from '../comparison/read-chunks.ts';
import { isBeingForgotten } from '../retention.ts';
import { lostAtMs, membersAwaited, WATCH_MS } from './lost-members.ts';
import { listReports, readReports, type ReadReports } from '../comparison/read-reports.ts';
import { reach } from '../unavailable.ts';

/**
 * What became of an attempt to close a run. `created`: its comparison is there now, by this call;
 * `exists`: it was there already; `waiting`: a member may still report; `doubted`: the same, but who watches the
 * store for WATCH_MS may find that none will; `unknown`: no such run, or not all of it any more.
 */
export type Closing = 'created' | 'exists' | 'waiting' | 'doubted' | 'unknown';

export interface CloseRunContext {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Since when the caller has known the store to answer; absent: since `nowMs`. */
  readonly answersSinceMs?: number;
}

/** The most findings about strangers, so that a comparison stays readable however many wrote into a run. */
const STRANGER_FINDINGS_MAX = 20;

/**
 * Compares a run once nobody can add to it: all members reported, or its deadline and the time to
 * upload have passed, or all that have not reported are lost (lost-members.ts). Whatever made the
 * caller call is only a hint: everything is read again, so that calls may come too often, too
 * early, in any order and at the same time. Throws `UnavailableError` when the store does not
 * answer, and for nothing that a peer wrote.
 */
export async function closeRun(context: CloseRunContext, runId: string): Promise<Closing> {
  const { store, nowMs } = context;
  if (!runIdSchema.safeParse(runId).success) return 'unknown';
  const [compared, document] = await reach('store', () =>
    Promise.all([store.read(paths.comparison(runId)), store.read(paths.run(runId))]),
  );
  if (compared !== undefined) return 'exists';
  const run = runSchema.safeParse(document?.fields);
  if (!run.success || run.data.plan.runId !== runId) return 'unknown';
  const { plan } = run.data;
  // Nothing else than Google's store forgets.
  if (run.data.backend === 'gcp' && isBeingForgotten(plan.createdAtMs, nowMs)) return 'unknown';
  const reports = readReports(plan, await reach('store', () => listReports(store, plan)));
  const isOver = nowMs >= plan.deadlineMs + UPLOAD_GRACE_MS;
  const completeMs = isOver ? nowMs : await completeAtMs(context, plan, reports);
  if (nowMs >= completeMs) return compare(context, run.data, reports);
  return nowMs + WATCH_MS >= completeMs ? 'doubted' : 'waiting';
}

/**
 * From when on no further report is to be expected, as far as is known now; the registry is read only where it
 * matters.
 */
async function completeAtMs(
  { store, nowMs, answersSinceMs = nowMs }: CloseRunContext,
  plan: RunPlan,
  reports: ReadReports,
): Promise<number> {
  const awaited = membersAwaited(plan, reports);
  if (awaited.length === 0) return nowMs;
  const byReports = lostAtMs(plan, reports, awaited, new Map(), answersSinceMs);
  if (nowMs >= byReports) return byReports;
  const registry = await reach('store', () => readEntries(store, awaited));
  return lostAtMs(plan, reports, awaited, registry, answersSinceMs);
}

async function readEntries(
  store: Store,
  members: readonly PlannedMember[],
): Promise<Map<string, RegistryEntry>> {
  const documents = await Promise.all(members.map(({ peerId }) => store.read(paths.peer(peerId))));
  const entries = documents.flatMap((document) => {
    const entry = registryEntrySchema.safeParse(document?.fields);
    return entry.success ? [entry.data] : [];
  });
  return new Map(entries.map((entry) => [entry.peerId, entry]));
}

async function compare(
  { store, nowMs }: CloseRunContext,
  { plan, backend, declared, survives }: Run,
  reports: ReadReports,
): Promise<Closing> {
  const [logs, strangeChunks] = await reach('store', () =>
    Promise.all([readLogs(store, plan, reports), findStrangers(store, plan)]),
  );
  const comparison = buildComparison({
    runId: plan.runId,
    createdAtMs: nowMs,
    ordering: plan.ordering,
    declared: declared ?? ORDERINGS.get(plan.ordering)?.guarantees ?? [],
    survives: survives ?? ORDERINGS.get(plan.ordering)?.survives ?? 'none',
    backend,
    network: networkOf(reports),
    seed: plan.seed,
    messages: plan.messages,
    messagesKnown: true,
    workload: plan.workload,
    payloadBytes: plan.payloadBytes,
    members: plan.members.map((member, place) => toMemberLog(member, reports, logs[place]!)),
  });
  const strangers = [...reports.findings, ...strangeChunks].slice(0, STRANGER_FINDINGS_MAX);
  const findings = [...comparison.findings, ...strangers];
  const fields = { ...fitDocument({ ...comparison, findings }) };
  const created = await reach('store', () => store.create(paths.comparison(plan.runId), fields));
  return created ? 'created' : 'exists';
}

/** Where the members say that their datagrams travelled, if they agree. */
function networkOf({ accepted }: ReadReports): Network {
  const networks = new Set([...accepted.values()].map(({ report }) => report.network));
  const [network] = networks;
  return networks.size === 1 && network !== undefined ? network : 'unknown';
}

/** Reads the logs of the members; `null` for a rejected member, whose chunks do not matter. */
async function readLogs(
  store: Store,
  plan: RunPlan,
  { accepted, rejected }: ReadReports,
): Promise<(Log | null)[]> {
  const logs: (Log | null)[] = [];
  // They are read one after the other, because each may take the memory of sixteen of the largest chunks.
  for (const { peerId } of plan.members) {
    const report = accepted.get(peerId)?.report ?? null;
    logs.push(rejected.has(peerId) ? null : await readChunkedLog(store, plan, peerId, report));
  }
  return logs;
}

function toMemberLog(
  { peerId, zone }: PlannedMember,
  reports: ReadReports,
  log: Log | null,
): MemberLog {
  const accepted = reports.accepted.get(peerId) ?? null;
  const rejected = reports.rejected.get(peerId) ?? null;
  const hasChunks = log?.isThere ?? false;
  const standing = standingOf(log?.rejected ?? rejected, accepted !== null, hasChunks);
  const sequence = log?.sequence ?? new DeliveredSequence();
  const usable = standing === 'reported' ? accepted : null;
  return {
    peerId,
    zone,
    standing,
    reason: log?.rejected ?? rejected ?? log?.cut ?? reasonOf(standing, peerId, reports),
    report: usable?.report ?? null,
    sequence,
    multicasts: usable?.report.multicasts ?? null,
    multicastsNoted: standing === 'reported' || standing === 'crashed',
    contentsNoted: log?.contentsNoted ?? false,
    reportedAtUs: usable?.createdAtUs ?? null,
  };
}

function standingOf(
  rejected: string | null,
  hasReport: boolean,
  hasChunks: boolean,
): MemberLog['standing'] {
  if (rejected !== null) return 'rejected';
  if (hasReport) return 'reported';
  return hasChunks ? 'crashed' : 'silent';
}

/** What there is to say about a member whose documents are in order, as far as it left any. */
function reasonOf(
  standing: MemberLog['standing'],
  peerId: string,
  { accepted }: ReadReports,
): string | null {
  if (standing === 'reported') return accepted.get(peerId)?.report.reason ?? null;
  const witnesses = [...accepted].filter(([, { report }]) => report.missing.includes(peerId));
  // The member's standing says already that it left no report, or nothing at all.
  if (witnesses.length === 0) return null;
  return `it was missing to ${nameSome(witnesses.map(([witness]) => witness))}`;
}

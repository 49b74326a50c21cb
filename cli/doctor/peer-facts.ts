import {
  paths,
  registryEntrySchema,
  runSchema,
  type RegistryEntry,
} from '../../control/documents.ts';
import type { RunPlan } from '../../control/command.ts';
import type { Backend, Document, Store } from '../../control/ports.ts';
import { lastSegment, listReports, readReports } from '../../control/comparison/read-reports.ts';
import { gather, type Gathered } from './check.ts';

/** The last run, and what each member says of the others. */
export interface LastRun {
  readonly plan: RunPlan;
  /** By peer id; members without a usable report are absent. */
  readonly reports: ReadonlyMap<string, MemberWitness>;
}

export interface MemberWitness {
  readonly outcome: string;
  readonly missing: readonly string[];
  readonly roundTripMs: Readonly<Record<string, number>>;
}

/** What a store says of its peers. */
export interface PeerFacts {
  readonly nowMs: number;
  readonly registry: Gathered<readonly RegistryEntry[]>;
  readonly lastRun: Gathered<LastRun | null>;
}

const STORE_MS_MAX = 20_000;

export async function gatherPeerFacts(
  { store, clock }: Pick<Backend, 'store' | 'clock'>,
  runId: string | null,
): Promise<PeerFacts> {
  const [registry, lastRun] = await Promise.all([
    gather(() => readRegistry(store), STORE_MS_MAX),
    gather(() => readLastRun(store, runId), STORE_MS_MAX),
  ]);
  return { nowMs: clock(), registry, lastRun };
}

async function readRegistry(store: Store): Promise<RegistryEntry[]> {
  const documents = await store.list(paths.peers, { bytes: false });
  return documents.flatMap((document) => {
    const entry = registryEntrySchema.safeParse(document.fields);
    const isOwn = entry.success && lastSegment(document.path) === entry.data.peerId;
    return isOwn ? [entry.data] : [];
  });
}

async function readLastRun(store: Store, runId: string | null): Promise<LastRun | null> {
  const document = await (runId === null ? lastDocument(store) : store.read(paths.run(runId)));
  const run = runSchema.safeParse(document?.fields);
  if (!run.success) return null;
  const { plan } = run.data;
  const { accepted } = readReports(plan, await listReports(store, plan));
  const reports = [...accepted].map(([peerId, { report }]): [string, MemberWitness] => {
    const { outcome, missing, roundTripMs } = report;
    return [peerId, { outcome, missing, roundTripMs }];
  });
  return { plan, reports: new Map(reports) };
}

async function lastDocument(store: Store): Promise<Document | undefined> {
  return (await store.list(paths.runs, { bytes: false, last: 1 }))[0];
}

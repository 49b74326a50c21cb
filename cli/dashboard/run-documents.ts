import type {
  Deliveries,
  RecordingDocument,
  RunDetail,
} from '../../control/api/dashboard-documents.ts';
import { readChunkedLog } from '../../control/comparison/read-chunks.ts';
import type { EventLog } from '../../core/records/event-log.ts';
import type { Archive } from '../archive/archive.ts';
import { setupOfPlan } from '../archive/setup-of-plan.ts';
import { Failure } from '../shell/failure.ts';
import { summaryOf } from './run-summaries.ts';

/** Everything about one run but what was delivered. Throws `Failure` for one that cannot be read. */
export async function detailOf(archive: Archive, runId: string): Promise<RunDetail> {
  const run = await archive.read(runId);
  return { summary: summaryOf(run), comparison: run.comparison };
}

/** What each member delivered, in its order. Throws `Failure` where that went with its store. */
export async function deliveriesOf(archive: Archive, runId: string): Promise<Deliveries> {
  const { run } = await archive.read(runId);
  const store = archive.opened?.store;
  if (run === null || store === undefined) throw new Failure(goneSentence(runId));
  const peers: Deliveries['peers'] = [];
  for (const { peerId, zone } of run.plan.members) {
    const { sequence } = await readChunkedLog(store, run.plan, peerId, null);
    const { senders, sequences } = sequence;
    peers.push({ peerId, zone, senders: [...senders], sequences: [...sequences] });
  }
  return { peers };
}

/** What each member wrote down. Throws `Failure` for a run without a comparison, or without its store. */
export async function recordingOfRun(archive: Archive, runId: string): Promise<RecordingDocument> {
  const comparison = await archive.comparison(runId);
  const { logs, clocks, notes } = await archive.recording(runId, comparison);
  const { run } = await archive.read(runId);
  const setup = run === null ? null : { ordering: run.plan.ordering, ...setupOfPlan(run.plan) };
  return { clocks, notes: [...notes], setup, logs: logs.map(columnsOfLog) };
}

/** A log as the page is sent it. */
export function columnsOfLog({
  events,
  leftOut,
  hasTimers,
}: EventLog): RecordingDocument['logs'][number] {
  return {
    leftOut,
    hasTimers,
    types: events.map(({ type }) => type),
    timesUs: events.map(({ atUs }) => atUs),
    others: events.map(({ other }) => other),
    packets: events.map(({ packet }) => packet),
    kinds: events.map(({ kind }) => kind),
    senders: events.map(({ sender }) => sender),
    sequences: events.map(({ sequence }) => sequence),
    reasons: events.map(({ reason }) => reason),
  };
}

function goneSentence(runId: string): string {
  return `of run ${runId} only the comparison was kept: what its peers delivered went with their store`;
}

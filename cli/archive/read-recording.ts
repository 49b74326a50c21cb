import type { Comparison } from '../../control/comparison-document.ts';
import { paths, runSchema, type Run } from '../../control/documents.ts';
import type { Store } from '../../control/ports.ts';
import { readChunkedLog } from '../../control/comparison/read-chunks.ts';
import { readEvents } from '../../control/comparison/read-events.ts';
import type { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { EventLog, EventType, LoggedEvent } from '../../core/records/event-log.ts';
import type { Recording } from '../render/pictures.ts';

const NOT_RECORDED =
  'This run was not recorded: the picture has the order of deliveries, one place a delivery, and ' +
  'neither times nor messages. "mpcomm run ... --record" records a run.';

const NOTHING_RECORDED =
  'No event of this run was recorded before it ended: the picture has the order of deliveries alone.';

/** The recording of a run that this command itself began, by its id; `null` for one that cannot be read. */
export async function recordingOf(store: Store, comparison: Comparison): Promise<Recording | null> {
  if (comparison.runId === null) return null;
  const document = await store.read(paths.run(comparison.runId));
  const run = runSchema.safeParse(document?.fields).data ?? null;
  return run === null ? null : readRecording(store, run, comparison);
}

/** What is known of a run's events: what its members recorded, else the order of their deliveries. */
export async function readRecording(
  store: Store,
  { plan }: Run,
  comparison: Comparison,
): Promise<Recording> {
  const documents = plan.record === true ? await store.list(paths.events(plan.runId)) : [];
  const { logs, problems } = readEvents(plan, documents);
  if (logs.every(({ events }) => events.length === 0)) {
    const note = plan.record === true ? NOTHING_RECORDED : NOT_RECORDED;
    return { logs: await readOrders(store, plan), clocks: 'none', notes: [...problems, note] };
  }
  const notes = [...problems];
  for (const { peer, peerId, recorded, standing } of comparison.perPeer) {
    const log = logs[peer]!;
    if (recorded !== undefined) log.leftOut += recorded.leftOut;
    if (standing !== 'crashed') continue;
    // Nobody records its own end; what a killed peer did after its last upload is not known.
    log.add(new LoggedEvent(EventType.crash, log.events.at(-1)?.atUs ?? 0));
    notes.push(`${peerId} left no report: its line ends where its last upload does.`);
  }
  return { logs, clocks: 'own', notes };
}

/** Each member's deliveries, at their places in its order instead of times. */
async function readOrders(store: Store, plan: Run['plan']): Promise<EventLog[]> {
  const logs: EventLog[] = [];
  for (const { peerId } of plan.members) {
    const { sequence } = await readChunkedLog(store, plan, peerId, null);
    logs.push(toLog(sequence));
  }
  return logs;
}

function toLog({ senders, sequences, length }: DeliveredSequence): EventLog {
  const log = new EventLog();
  for (let position = 0; position < length; position += 1) {
    log.deliver(position, senders[position]!, sequences[position]!);
  }
  return log;
}

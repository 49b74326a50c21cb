import type { RecordingDocument } from '../../../control/api/dashboard-documents.ts';
import { EventLog, LoggedEvent } from '../../../core/records/event-log.ts';

/** What each member wrote down, as the dashboard hands it over. */
export function recordedLogs({ logs }: RecordingDocument): EventLog[] {
  return logs.map(toLog);
}

function toLog(columns: RecordingDocument['logs'][number]): EventLog {
  const { types, timesUs, others, packets, kinds, senders, sequences, reasons } = columns;
  const log = new EventLog(types.length);
  log.hasTimers = columns.hasTimers;
  for (const [place, type] of types.entries()) {
    const [other, packet, kind] = [others[place]!, packets[place]!, kinds[place]!];
    const [sender, sequence, reason] = [senders[place]!, sequences[place]!, reasons[place]!];
    log.add(new LoggedEvent(type, timesUs[place]!, other, packet, kind, sender, sequence, reason));
  }
  log.leftOut = columns.leftOut;
  return log;
}

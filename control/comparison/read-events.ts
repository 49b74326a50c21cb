import { EventLog } from '../../core/records/event-log.ts';
import { decodeEvents } from '../../core/records/event-codec.ts';
import { DecodeError } from '../../core/records/sequence-codec.ts';
import type { RunPlan } from '../command.ts';
import { eventPieceSchema } from '../documents.ts';
import type { Document } from '../ports.ts';
import { lastSegment } from './read-reports.ts';

/** What the members of a run recorded. */
export interface RecordedEvents {
  /** By index; empty for a member that recorded nothing. */
  readonly logs: readonly EventLog[];
  /** Sentences about what could not be used: anybody may have written it. */
  readonly problems: readonly string[];
}

/**
 * Puts together the documents under `runs/{runId}/events`. Each member's pieces are taken up to the
 * first that is missing or no good: a picture of less is better than none.
 */
export function readEvents(plan: RunPlan, documents: readonly Document[]): RecordedEvents {
  const sorted = [...documents].sort((one, other) => (one.path < other.path ? -1 : 1));
  const problems: string[] = [];
  const logs = plan.members.map(({ peerId }) => {
    const own = sorted.filter(({ path }) => {
      const id = lastSegment(path);
      return id.slice(0, Math.max(id.lastIndexOf('.'), 0)) === peerId;
    });
    return readMember(peerId, own, plan.members.length, problems);
  });
  return { logs, problems };
}

function readMember(
  peerId: string,
  documents: readonly Document[],
  size: number,
  problems: string[],
): EventLog {
  const log = new EventLog();
  for (const [index, document] of documents.entries()) {
    const { length } = log.events;
    const problem = append(peerId, index, document, size, log);
    if (problem === null) continue;
    // A piece that turns out to be no good may have added some of its events already.
    log.events.length = length;
    problems.push(`What ${peerId} recorded is used up to its piece ${index}, ${problem}.`);
    break;
  }
  return log;
}

function append(
  peerId: string,
  index: number,
  { fields, bytes }: Document,
  size: number,
  log: EventLog,
): string | null {
  const parsed = eventPieceSchema.safeParse(fields);
  if (!parsed.success || parsed.data.peerId !== peerId) return 'which is not well formed';
  if (parsed.data.index !== index) return 'which is missing';
  try {
    const count = decodeEvents(bytes, size, log);
    return count === parsed.data.events ? null : 'which does not hold as much as it says';
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `which does not decode: ${error.message}`;
  }
}

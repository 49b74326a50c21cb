import type { Deliveries, RecordingDocument } from '../../../control/api/dashboard-documents.ts';
import type { Comparison } from '../../../control/comparison-document.ts';
import { EventType, type LoggedEvent } from '../../../core/records/event-log.ts';
import { Kind } from '../../../core/message.ts';
import {
  type DiagramFinding,
  findingOf,
  type MessageId,
  messageName,
  orderOf,
} from '../../../diagram/finding.ts';
import { renderStrip, type Strip } from '../../../diagram/render-strip.ts';
import { buildTimeline, type TimedEvent, type Timeline } from '../../../diagram/timeline.ts';
import { recordedLogs } from './recorded-logs.ts';
import { type DeliveredColumns, markRounds } from '../../shared/rounds-view.ts';

/** What a reader chose to see. */
export interface DiagramChoice {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly widthPx: number;
  readonly lanes: readonly number[];
  /** Messages in colour instead of those of the finding; none for the finding. */
  readonly messages: readonly MessageId[];
  readonly control: boolean;
  readonly routine: boolean;
}

/** A recorded run, put on one time axis. */
export interface OpenedRecording {
  readonly timeline: Timeline;
  readonly isTimed: boolean;
  readonly finding: DiagramFinding;
}

/** What is known of a whole run before anything is drawn. */
export interface RecordingFacts {
  readonly endUs: number;
  readonly events: number;
  readonly isTimed: boolean;
  /** The sentence of what the run shows, and when it happened. */
  readonly sentence: string;
  readonly findingUs: readonly [from: number, until: number] | null;
  /** When each peer made each of its deliveries; microseconds, or places where times were not recorded. */
  readonly deliveredAtUs: readonly Float64Array[];
}

export function openRecording(
  recording: RecordingDocument,
  comparison: Comparison,
): OpenedRecording {
  const { clocks } = recording;
  const opened = recordedLogs(recording);
  const timeline = buildTimeline(opened, clocks === 'own' ? 'own' : 'one');
  const finding = findingOf(comparison, opened.map(orderOf));
  return { timeline, isTimed: clocks !== 'none', finding };
}

export function factsOfRecording({ timeline, isTimed, finding }: OpenedRecording): RecordingFacts {
  const { events, peers } = timeline;
  const deliveries = events.filter(({ event }) => event.type === EventType.deliver);
  return {
    endUs: events.reduce((last, { atUs }) => Math.max(last, atUs), 0),
    events: events.length,
    isTimed,
    sentence: finding.sentence,
    findingUs: spanOfFinding(events, finding),
    deliveredAtUs: Array.from({ length: peers }, (_, peer) =>
      Float64Array.from(deliveries.filter((each) => each.peer === peer).map(({ atUs }) => atUs)),
    ),
  };
}

function spanOfFinding(
  events: readonly TimedEvent[],
  { messages, peers }: DiagramFinding,
): readonly [number, number] | null {
  const times = events
    .filter(
      ({ event, peer }) => isTold(event, messages) && (peers.length === 0 || peers.includes(peer)),
    )
    .map(({ atUs }) => atUs);
  if (times.length === 0) return null;
  return [Math.min(...times), Math.max(...times)];
}

function isTold(event: LoggedEvent, messages: readonly MessageId[]): boolean {
  const { type, sender, sequence } = event;
  if (type !== EventType.multicast && type !== EventType.deliver) return false;
  return messages.some((each) => each.sender === sender && each.sequence === sequence);
}

export function drawStrip(
  { timeline, isTimed, finding }: OpenedRecording,
  choice: DiagramChoice,
): Strip {
  const { messages, ...view } = choice;
  const sentence = messages.map(messageName).join(' and ');
  const shown = messages.length === 0 ? finding : { sentence, messages, peers: [] };
  return renderStrip(timeline, { ...view, finding: shown, isTimed });
}

/** What happened at `peer` nearest to `atUs`, in words; `null` where nothing did within `reachUs`. */
export function describeNearest(
  { timeline, isTimed }: OpenedRecording,
  peer: number,
  atUs: number,
  reachUs: number,
): string | null {
  let nearest: TimedEvent | null = null;
  for (const each of timeline.events) {
    const distance = Math.abs(each.atUs - atUs);
    if (each.peer !== peer || distance > reachUs) continue;
    if (nearest === null || distance < Math.abs(nearest.atUs - atUs)) nearest = each;
  }
  if (nearest === null) return null;
  const when = isTimed ? `${(nearest.atUs / 1_000).toFixed(1)} ms` : `place ${nearest.atUs}`;
  return `${when}: peer ${peer} ${describeEvent(nearest.event)}`;
}

function describeEvent({ type, other, kind, sender, sequence }: LoggedEvent): string {
  const message = messageName({ sender, sequence });
  const what = kind === Kind.data ? message : `a message of the ordering about ${message}`;
  switch (type) {
    case EventType.multicast:
      return `multicasts ${message}`;
    case EventType.deliver:
      return `delivers ${message}`;
    case EventType.send:
      return `sends ${what} to peer ${other}`;
    case EventType.arrive:
      return `gets ${what} from peer ${other}`;
    case EventType.drop:
      return `loses ${what} to peer ${other}`;
    case EventType.crash:
      return 'crashes';
    case EventType.pause:
      return 'stands still';
    default:
      return 'goes on';
  }
}

/** The deliveries as columns, with the mark of each round. */
export function roundsOf(
  { peers }: Deliveries,
  rounds: number,
): { readonly columns: readonly DeliveredColumns[]; readonly marks: Uint8Array } {
  const columns = peers.map(({ senders, sequences }) => ({
    senders: Uint16Array.from(senders),
    sequences: Uint32Array.from(sequences),
  }));
  return { columns, marks: markRounds(columns, rounds) };
}

import { EventType } from '../core/records/event-log.ts';
import { Kind } from '../core/message.ts';
import type { DiagramFinding, MessageId } from './finding.ts';
import type { TimedEvent, Timeline } from './timeline.ts';

/** The part of the run that is shown. */
export interface Window {
  readonly fromUs: number;
  readonly untilUs: number;
  /** When the last event of the run happened. */
  readonly endUs: number;
  /** All of the run, from its first multicast to its last delivery. */
  readonly whole: boolean;
  /** The positions of the deliveries that are shown, over all peers; `null` where none is. */
  readonly positions: { readonly first: number; readonly last: number; readonly of: number } | null;
}

/** The most deliveries and messages of a run that is shown as a whole, unless it is mostly waiting. */
const WHOLE_EVENTS_MAX = 120;
const WHOLE_LENGTHS_MAX = 3;
/** How many deliveries of each peer are shown, from the first on, where there is no finding. */
const DELIVERIES_SHOWN = 8;
/** The most by which a picture is widened for what happened to the finding's messages at other peers. */
const WIDENING_MAX = 1.2;

/** The time around the finding: from the first to the last that happened to its messages. */
export function chooseWindow(
  timeline: Timeline,
  finding: DiagramFinding,
  rankOf: (message: MessageId) => number,
  leastUs: number,
): Window {
  const { events } = timeline;
  const endUs = events.reduce((last, { atUs }) => Math.max(last, atUs), 0);
  const all = spanOf(events.filter(({ event }) => isOfTheApplication(event.type)));
  const concerned = events.filter(
    ({ event }) => isAbout(event.type, event.kind) && rankOf(event) >= 0,
  );
  const core = spanOf(mostTelling(concerned, finding)) ?? firstDeliveries(timeline) ?? all;
  const [firstUs, lastUs] = core ?? [0, endUs];
  const isSmall =
    events.filter(({ event }) => isAbout(event.type, event.kind)).length <= WHOLE_EVENTS_MAX;
  const isShort =
    all !== null && all[1] - all[0] <= WHOLE_LENGTHS_MAX * Math.max(lastUs - firstUs, 1);
  const whole = all !== null && ((isSmall && isShort) || (all[0] >= firstUs && all[1] <= lastUs));
  const fromUs = whole ? Math.min(all[0], firstUs) : firstUs;
  const untilUs = Math.max(
    whole ? Math.max(all[1], lastUs) : lastUs,
    Math.min(fromUs + leastUs, endUs),
  );
  return { fromUs, untilUs, endUs, whole, positions: positionsWithin(timeline, fromUs, untilUs) };
}

function isOfTheApplication(type: number): boolean {
  return type === EventType.multicast || type === EventType.deliver || type === EventType.crash;
}

/** What concerns a message of the application itself: not what the ordering says about it. */
function isAbout(type: number, kind: number): boolean {
  return (
    type === EventType.multicast ||
    type === EventType.deliver ||
    (kind === Kind.data && (type === EventType.send || type === EventType.arrive))
  );
}

/**
 * From the multicasts of the finding's messages to their deliveries at the peers that it is about:
 * what comes at others, or is sent again, may come long after that.
 */
function mostTelling(
  concerned: readonly TimedEvent[],
  { peers }: DiagramFinding,
): readonly TimedEvent[] {
  // A sending matters by what comes of it; a member that waits for a crashed one sends for ever.
  const received = concerned.filter(({ event }) => event.type !== EventType.send);
  const told = concerned.filter(
    ({ event, peer }) =>
      event.type === EventType.multicast ||
      (event.type === EventType.deliver && (peers.length === 0 || peers.includes(peer))),
  );
  const span = spanOf(told);
  if (span === null) return received;
  // Deliveries at other peers, and arrivals, where they make the picture only a little wider.
  const lengthUs = Math.max(span[1] - span[0], 1);
  return received.filter(
    ({ event, atUs }) =>
      told.length < 2 ||
      event.type === EventType.multicast ||
      atUs <= span[1] + WIDENING_MAX * lengthUs,
  );
}

function firstDeliveries({ events, peers }: Timeline): [number, number] | null {
  const counts = Array.from({ length: peers }, () => 0);
  const first = events.filter(({ event, peer }) => {
    if (event.type === EventType.multicast) return counts[peer]! < DELIVERIES_SHOWN;
    if (event.type !== EventType.deliver) return false;
    counts[peer]! += 1;
    return counts[peer]! <= DELIVERIES_SHOWN;
  });
  return spanOf(first);
}

function spanOf(events: readonly TimedEvent[]): [number, number] | null {
  if (events.length === 0) return null;
  let [first, last] = [Infinity, -Infinity];
  for (const { atUs } of events) {
    first = Math.min(first, atUs);
    last = Math.max(last, atUs);
  }
  return [first, last];
}

function positionsWithin(
  { events, peers }: Timeline,
  fromUs: number,
  untilUs: number,
): Window['positions'] {
  const counts = Array.from({ length: peers }, () => 0);
  let [first, last] = [Infinity, -1];
  for (const { event, peer, atUs } of events) {
    if (event.type !== EventType.deliver) continue;
    const position = counts[peer]!;
    counts[peer]! += 1;
    if (atUs < fromUs || atUs > untilUs) continue;
    first = Math.min(first, position);
    last = Math.max(last, position);
  }
  return last < 0
    ? null
    : { first, last, of: counts.reduce((most, each) => Math.max(most, each), 0) };
}

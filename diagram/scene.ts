import { DropCause, EventType, type LoggedEvent } from '../core/records/event-log.ts';
import { Kind } from '../core/message.ts';
import { ORDERINGS } from '../core/orderings/registry.ts';
import { isSameMessage, type DiagramFinding, type MessageId } from './finding.ts';
import {
  isExtra,
  limitArrows,
  PICTURE_LIMITS,
  type Rank,
  type SceneLimits,
} from './scene-limits.ts';
import type { TimedEvent, Timeline } from './timeline.ts';
import { chooseWindow, type Window } from './window.ts';

export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly sentUs: number;
  /** About when the message would have arrived, if it was lost. */
  readonly arrivesUs: number;
  readonly rank: Rank;
  /** The ordering's own message, which carries no multicast. */
  readonly control: boolean;
  readonly lost: boolean;
}

export interface Mark {
  readonly what: 'multicast' | 'deliver';
  readonly peer: number;
  readonly atUs: number;
  readonly message: MessageId;
  readonly rank: Rank;
}

/** From `fromUs` to `untilUs`: a message was held back, or a peer was paused. */
export interface SceneSpan {
  readonly peer: number;
  readonly fromUs: number;
  readonly untilUs: number;
  readonly rank: Rank;
}

/** Everything that a picture shows, in times and peers. */
export interface Scene extends Window {
  /** The peers that have a line, in the order of their lines. */
  readonly lanes: readonly number[];
  /** The peers that the finding is about, and the senders of its messages. */
  readonly told: ReadonlySet<number>;
  readonly arrows: readonly Arrow[];
  readonly marks: readonly Mark[];
  readonly holds: readonly SceneSpan[];
  readonly pauses: readonly SceneSpan[];
  /** Arrivals of the finding's messages at peers that live and never deliver them. */
  readonly nevers: readonly Mark[];
  /** When each peer crashed that did. */
  readonly crashes: ReadonlyMap<number, number>;
  /** What each peer delivered, in its order. */
  readonly orders: readonly (readonly MessageId[])[];
  /**
   * What lies in the window and is not drawn: acknowledgements and heartbeats of the links, and whatever was
   * too much.
   */
  readonly routineLeftOut: number;
  readonly arrowsLeftOut: number;
  readonly marksLeftOut: number;
}

/** The most lines that are drawn: more would be too narrow. */
const LANES_MAX = 32;
const LANES_CHOSEN_MAX = 16;
const MARGIN_SHARE = 0.05;

/** The kinds that are sent over and over, about no multicast. */
const ROUTINE: readonly number[] = [Kind.linkAck, Kind.heartbeat];
/** The kinds whose sender and sequence name the multicast that they are about. */
const ABOUT_A_MULTICAST: ReadonlySet<number> = new Set([
  Kind.data,
  ...[...ORDERINGS.values()].flatMap(({ ownMessages }) =>
    ownMessages?.areAboutMulticasts ? Object.values(ownMessages.kinds) : [],
  ),
]);

/**
 * Chooses what to draw of `timeline`, around the finding: at least `leastUs` of it, if the run lasts
 * longer.
 */
export function composeScene(timeline: Timeline, finding: DiagramFinding, leastUs = 0): Scene {
  const window = chooseWindow(timeline, finding, rankIn(finding), leastUs);
  const lanes = chooseLanes(timeline.peers, toldOf(finding));
  return composeWindow(timeline, finding, window, lanes, PICTURE_LIMITS);
}

/** Chooses what to draw of one stretch of time, for the peers of `lanes`. */
export function composeWindow(
  timeline: Timeline,
  finding: DiagramFinding,
  window: Window,
  lanes: readonly number[],
  limits: SceneLimits,
): Scene {
  const rankOf = rankIn(finding);
  const shown = new Set(lanes);
  // A little of what is just outside is shown as well.
  const marginUs = (window.untilUs - window.fromUs) * MARGIN_SHARE;
  const isInWindow = (fromUs: number, untilUs: number): boolean =>
    untilUs >= window.fromUs - marginUs && fromUs <= window.untilUs + marginUs;
  const isShown = ({ peer, atUs }: TimedEvent): boolean =>
    shown.has(peer) && isInWindow(atUs, atUs);
  const all = collectArrows(timeline, rankOf).filter(
    ({ from, to, sentUs, arrivesUs }) =>
      shown.has(from) && shown.has(to) && isInWindow(sentUs, arrivesUs),
  );
  const routine = limits.routine ? 0 : all.filter((arrow) => arrow.routine).length;
  const wanted = all.filter((arrow) =>
    arrow.routine ? limits.routine : limits.control || !isExtra(arrow),
  );
  const first = wanted.filter(({ attempt }) => attempt < limits.attemptsMax);
  const arrows = limitArrows(first, lanes.length, limits);
  const marks = timeline.events.filter(isShown).flatMap((timed) => toMark(timed, rankOf));
  const chosenMarks = limits.choose(marks, limits.marksMax);
  const crashes = collectCrashes(timeline);
  const nevers = collectNevers(timeline, rankOf).filter(
    ({ peer }) => shown.has(peer) && !crashes.has(peer),
  );
  const held = [...collectHolds(timeline, rankOf), ...nevers.map(toEndlessHold)];
  const spansShown = ({ peer, fromUs, untilUs }: SceneSpan): boolean =>
    shown.has(peer) && isInWindow(fromUs, untilUs);
  return {
    ...window,
    lanes,
    told: toldOf(finding),
    arrows,
    marks: chosenMarks,
    holds: limits.choose(held.filter(spansShown), limits.holdsMax),
    pauses: collectPauses(timeline, window.untilUs).filter(spansShown),
    nevers,
    crashes,
    orders: collectOrders(timeline),
    routineLeftOut: routine,
    arrowsLeftOut: wanted.length - arrows.length,
    marksLeftOut: marks.length - chosenMarks.length,
  };
}

function rankIn({ messages }: DiagramFinding): (message: MessageId) => Rank {
  return (message) => messages.findIndex((each) => isSameMessage(each, message)) as Rank;
}

function toldOf({ peers, messages }: DiagramFinding): ReadonlySet<number> {
  return new Set([...peers, ...messages.map(({ sender }) => sender)]);
}

function chooseLanes(peers: number, told: ReadonlySet<number>): number[] {
  if (peers <= LANES_MAX) return Array.from({ length: peers }, (_, peer) => peer);
  const chosen = new Set(told);
  for (let peer = 0; chosen.size < LANES_CHOSEN_MAX; peer += 1) chosen.add(peer);
  return [...chosen].filter((peer) => peer < peers).sort((one, other) => one - other);
}

interface FoundArrow extends Arrow {
  readonly routine: boolean;
  /** How often the same was sent, or came, on the same path before. */
  readonly attempt: number;
}

function collectArrows(timeline: Timeline, rankOf: (message: MessageId) => Rank): FoundArrow[] {
  const delayUs = medianDelayUs(timeline);
  const droppedAtUs = timesOfDrops(timeline);
  const counts = new Map<string, number>();
  const attemptOf = ({ peer, event }: TimedEvent, lost: boolean): number => {
    const { other, kind, sender, sequence } = event;
    const key = `${lost} ${peer}>${other} ${kind} ${sender} ${sequence}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  };
  const toArrow = (from: TimedEvent, arrivesUs: number, lost: boolean): FoundArrow => {
    const { peer, event, atUs } = from;
    return {
      from: peer,
      to: event.other,
      sentUs: atUs,
      arrivesUs,
      rank: ABOUT_A_MULTICAST.has(event.kind) ? rankOf(event) : -1,
      control: event.kind !== Kind.data,
      lost,
      routine: ROUTINE.includes(event.kind),
      attempt: attemptOf(from, lost),
    };
  };
  return timeline.events.flatMap((timed) => {
    const { event, sent } = timed;
    if (event.type === EventType.arrive && sent !== null) return [toArrow(sent, timed.atUs, false)];
    if (event.type !== EventType.send || timed.arrived || !timed.lost) return [];
    const knownUs = droppedAtUs.get(flightKey(timed.peer, event));
    const arrivesUs = Math.max(knownUs ?? 0, timed.atUs + (knownUs === undefined ? delayUs : 1));
    return [toArrow(timed, arrivesUs, true)];
  });
}

/** When a packet reached a member that could not take it; what the network lost has no such time. */
function timesOfDrops({ events }: Timeline): Map<string, number> {
  const onArrival: readonly number[] = [DropCause.crashed, DropCause.overflow];
  const drops = events.filter(
    ({ event }) => event.type === EventType.drop && onArrival.includes(event.reason),
  );
  return new Map(drops.map(({ peer, event, atUs }) => [flightKey(peer, event), atUs]));
}

function flightKey(from: number, { other, packet, kind, sender, sequence }: LoggedEvent): string {
  return `${from}>${other} ${packet} ${kind} ${sender} ${sequence}`;
}

function medianDelayUs({ events }: Timeline): number {
  const delays = events.flatMap(({ sent, atUs }) => (sent === null ? [] : [atUs - sent.atUs]));
  delays.sort((one, other) => one - other);
  return Math.max(1, delays[Math.floor(delays.length / 2)] ?? 1_000);
}

function toMark({ peer, atUs, event }: TimedEvent, rankOf: (message: MessageId) => Rank): Mark[] {
  const { type, sender, sequence } = event;
  if (type !== EventType.multicast && type !== EventType.deliver) return [];
  const what = type === EventType.multicast ? 'multicast' : 'deliver';
  return [{ what, peer, atUs, message: { sender, sequence }, rank: rankOf(event) }];
}

/** The spans from a message's first arrival, or its own multicast, to its delivery, where that is later. */
function collectHolds(timeline: Timeline, rankOf: (message: MessageId) => Rank): SceneSpan[] {
  const since = new Map<string, number>();
  const holds: SceneSpan[] = [];
  for (const { peer, atUs, event } of timeline.events) {
    const key = `${peer} ${event.sender} ${event.sequence}`;
    const comes =
      event.type === EventType.multicast ||
      (event.type === EventType.arrive && event.kind === Kind.data);
    if (comes && !since.has(key)) since.set(key, atUs);
    const fromUs = since.get(key);
    if (event.type !== EventType.deliver || fromUs === undefined) continue;
    if (atUs > fromUs) holds.push({ peer, fromUs, untilUs: atUs, rank: rankOf(event) });
    // The message was held only until its first delivery.
    since.set(key, atUs);
  }
  return holds;
}

/** Where a message of the finding first arrives at a peer that never delivers it. */
function collectNevers({ events }: Timeline, rankOf: (message: MessageId) => Rank): Mark[] {
  const open = new Map<string, Mark>();
  const delivered = new Set<string>();
  for (const { peer, atUs, event } of events) {
    const { type, kind, sender, sequence } = event;
    const [rank, key] = [rankOf(event), `${peer} ${sender} ${sequence}`];
    const comes = type === EventType.multicast || (type === EventType.arrive && kind === Kind.data);
    if (type === EventType.deliver) delivered.add(key);
    if (!comes || rank < 0 || open.has(key)) continue;
    open.set(key, { what: 'deliver', peer, atUs, message: { sender, sequence }, rank });
  }
  return [...open].filter(([key]) => !delivered.has(key)).map(([, mark]) => mark);
}

function toEndlessHold({ peer, atUs, rank }: Mark): SceneSpan {
  return { peer, fromUs: atUs, untilUs: Infinity, rank };
}

function collectPauses({ events }: Timeline, endUs: number): SceneSpan[] {
  const since = new Map<number, number>();
  const pauses: SceneSpan[] = [];
  for (const { peer, atUs, event } of events) {
    if (event.type === EventType.pause && !since.has(peer)) since.set(peer, atUs);
    const fromUs = since.get(peer);
    if (event.type !== EventType.resume || fromUs === undefined) continue;
    pauses.push({ peer, fromUs, untilUs: atUs, rank: -1 });
    since.delete(peer);
  }
  for (const [peer, fromUs] of since) {
    pauses.push({ peer, fromUs, untilUs: Math.max(fromUs, endUs), rank: -1 });
  }
  return pauses;
}

function collectCrashes({ events }: Timeline): Map<number, number> {
  const crashes = new Map<number, number>();
  for (const { peer, atUs, event } of events) {
    if (event.type === EventType.crash && !crashes.has(peer)) crashes.set(peer, atUs);
  }
  return crashes;
}

function collectOrders({ events, peers }: Timeline): MessageId[][] {
  const orders = Array.from({ length: peers }, (): MessageId[] => []);
  for (const { peer, event } of events) {
    if (event.type === EventType.deliver) orders[peer]!.push(event);
  }
  return orders;
}

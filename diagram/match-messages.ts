import { EventType, type LoggedEvent } from '../core/records/event-log.ts';

/** An event by its peer and its place in that peer's log. */
export interface EventPlace {
  readonly peer: number;
  readonly index: number;
}

/** A message that was sent and that arrived. */
export interface MessagePair {
  readonly sent: EventPlace;
  readonly arrived: EventPlace;
}

export interface Matches {
  readonly pairs: readonly MessagePair[];
  /** The sending of the arrival at that place; `null` for other events, and where none was recorded. */
  readonly sentBy: (peer: number, index: number) => EventPlace | null;
  /** Whether the sending at that place is known never to have arrived. */
  readonly isLost: (peer: number, index: number) => boolean;
  /** How many sendings and arrivals have no other end on record: it is not known what came of them. */
  readonly unmatched: number;
}

interface Sendings {
  readonly places: EventPlace[];
  taken: number;
}

/**
 * Finds the sending of each arrival: the one of the same message in the same packet of the same path.
 * A message that arrives more often than it was sent was repeated on the way.
 */
export function matchMessages(logs: readonly (readonly LoggedEvent[])[]): Matches {
  const sendings = collectSendings(logs);
  const sentBy = logs.map(() => new Map<number, EventPlace>());
  const pairs: MessagePair[] = [];
  const arrivedPlaces = new Set<EventPlace>();
  let strangers = 0;
  forEachEvent(logs, EventType.arrive, (event, arrived) => {
    const found = sendings.get(keyOf(event.other, arrived.peer, event));
    if (found === undefined) {
      strangers += 1;
      return;
    }
    const sent = found.places[Math.min(found.taken, found.places.length - 1)]!;
    found.taken += 1;
    arrivedPlaces.add(sent);
    sentBy[arrived.peer]!.set(arrived.index, sent);
    pairs.push({ sent, arrived });
  });
  const lost = findLost(logs, sendings, arrivedPlaces);
  const all = [...sendings.values()].flatMap(({ places }) => places);
  const open = all.filter(
    (place) => !arrivedPlaces.has(place) && !lost[place.peer]!.has(place.index),
  );
  return {
    pairs,
    sentBy: (peer, index) => sentBy[peer]!.get(index) ?? null,
    isLost: (peer, index) => lost[peer]!.has(index),
    unmatched: strangers + open.length,
  };
}

function collectSendings(logs: readonly (readonly LoggedEvent[])[]): Map<string, Sendings> {
  const sendings = new Map<string, Sendings>();
  forEachEvent(logs, EventType.send, (event, place) => {
    const key = keyOf(place.peer, event.other, event);
    const found = sendings.get(key);
    if (found === undefined) sendings.set(key, { places: [place], taken: 0 });
    else found.places.push(place);
  });
  return sendings;
}

/**
 * A sending is lost where a simulation says so, or where its receiver recorded a later packet of the
 * same path and never this one. Otherwise the receiver may just have stopped recording.
 */
function findLost(
  logs: readonly (readonly LoggedEvent[])[],
  sendings: ReadonlyMap<string, Sendings>,
  arrived: ReadonlySet<EventPlace>,
): Set<number>[] {
  const lost = logs.map(() => new Set<number>());
  const lastPackets = new Map<string, number>();
  forEachEvent(logs, EventType.arrive, (event, { peer }) => {
    const path = `${event.other}>${peer}`;
    lastPackets.set(path, Math.max(lastPackets.get(path) ?? 0, event.packet));
  });
  const noteUnarrived = (place: EventPlace): void => {
    if (!arrived.has(place)) lost[place.peer]!.add(place.index);
  };
  forEachEvent(logs, EventType.send, (event, place) => {
    const isOvertaken = event.packet < (lastPackets.get(`${place.peer}>${event.other}`) ?? 0);
    const { places } = sendings.get(keyOf(place.peer, event.other, event))!;
    if (isOvertaken) for (const each of places) noteUnarrived(each);
  });
  forEachEvent(logs, EventType.drop, (event, { peer }) => {
    const dropped = sendings.get(keyOf(peer, event.other, event));
    for (const place of dropped?.places ?? []) noteUnarrived(place);
  });
  return lost;
}

function forEachEvent(
  logs: readonly (readonly LoggedEvent[])[],
  type: number,
  see: (event: LoggedEvent, place: EventPlace) => void,
): void {
  for (const [peer, events] of logs.entries()) {
    for (const [index, event] of events.entries()) {
      if (event.type === type && event.other < logs.length) see(event, { peer, index });
    }
  }
}

function keyOf(from: number, to: number, { packet, kind, sender, sequence }: LoggedEvent): string {
  return `${from}>${to} ${packet} ${kind} ${sender} ${sequence}`;
}

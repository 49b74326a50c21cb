import type { LogTable } from './log-table.ts';

/** What the peers have at each position, from 0 to one less than there are messages. */
export interface Rounds {
  /** How many messages there are: N x M, unless it is known otherwise. */
  rounds: number;
  /** Positions at which not all peers delivered the same message; having nothing disagrees. */
  unorderedRounds: number;
  /** The unordered rounds at which some peer has nothing. */
  missingRounds: number;
  /** The unordered rounds at which two peers delivered different messages. */
  conflictingRounds: number;
  /** The first unordered position, and what each peer delivered there. */
  firstDivergence: Divergence | null;
}

export interface Divergence {
  position: number;
  deliveries: { peer: number; message: DivergentMessage | null }[];
}

/** A message, and what the logs call it where that is known. */
interface DivergentMessage {
  sender: number;
  sequence: number;
  text?: string;
}

/** Counts the rounds; what a log has beyond the last round is not looked at. */
export function countRounds(table: LogTable): Rounds {
  const { rounds } = table;
  const lengths = table.ids.map((ids) => ids.length);
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  const end = Math.min(rounds, longest);
  let [conflictingRounds, ordered, first] = [0, 0, -1];
  for (let position = 0; position < end; position += 1) {
    const conflicting = isConflicting(table.ids, position);
    if (conflicting) conflictingRounds += 1;
    if (!conflicting && position < shortest) ordered += 1;
    else if (first < 0) first = position;
  }
  if (first < 0 && end < rounds) first = end;
  return {
    rounds,
    unorderedRounds: rounds - ordered,
    missingRounds: Math.max(0, rounds - shortest),
    conflictingRounds,
    firstDivergence: first < 0 ? null : describeRound(table, first),
  };
}

/** Whether two logs have different messages at `position`. */
function isConflicting(columns: readonly Int32Array[], position: number): boolean {
  let seen = -1;
  for (let peer = 0; peer < columns.length; peer += 1) {
    const ids = columns[peer]!;
    if (position >= ids.length) continue;
    if (seen >= 0 && ids[position] !== seen) return true;
    seen = ids[position]!;
  }
  return false;
}

function describeRound(table: LogTable, position: number): Divergence {
  const deliveries = table.ids.map((ids, peer) => {
    const id = ids[position];
    return { peer, message: id === undefined ? null : messageAt(table, id) };
  });
  return { position, deliveries };
}

function messageAt(table: LogTable, id: number): DivergentMessage {
  const message = { sender: table.sender(id), sequence: table.sequence(id) };
  if (table.names === null) return message;
  return { ...message, text: table.names.message(message.sender, message.sequence) };
}

/** What the published experiments would have printed, without the one log that they would not have read. */
export interface PublishedCount {
  publishedCount: number;
  publishedCountLeavesOut: number;
  /** What a reader of the count has to know; `null` when there is nothing. */
  publishedCountNote: string | null;
}

/**
 * The unordered rounds as the published experiments counted them: positions 0..M-2 only, without the
 * log whose report was created last (without any report: the last log given).
 */
export function countAsPublished(table: LogTable): PublishedCount {
  const publishedCountLeavesOut = lastCreated(table);
  const columns = table.ids.filter((_, peer) => peer !== publishedCountLeavesOut);
  const shortest = Math.min(Infinity, ...columns.map((ids) => ids.length));
  let publishedCount = 0;
  for (let position = 0; columns.length > 1 && position < table.messages - 1; position += 1) {
    if (position >= shortest || isConflicting(columns, position)) publishedCount += 1;
  }
  return { publishedCount, publishedCountLeavesOut, publishedCountNote: noteOn(table) };
}

/**
 * The peer whose report was created last; the last one of several with the same place, or of logs
 * without any place.
 */
function lastCreated(table: LogTable): number {
  const places = table.logs.map((log) => log.reportPlace ?? -Infinity);
  return places.lastIndexOf(places.reduce((most, place) => Math.max(most, place)));
}

function noteOn(table: LogTable): string | null {
  if (table.size <= 2) {
    return 'with two peers it is 0 by construction: one log is left, which is compared with nothing';
  }
  if (table.messages < 2)
    return 'with one message a peer it is 0 by construction: no position is left';
  if (table.logs.every((log) => log.reportPlace === null)) {
    return 'no order of creation is known, so the last log given is left out';
  }
  return null;
}

import { countConflicts } from './conflicts.ts';
import type { LogColumn } from './log-column.ts';
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
  const columns = distinctColumns(table, table.everyone);
  const lengths = table.everyone.map((peer) => table.length(peer));
  // Up to there every peer has something, behind it some peer has nothing.
  const complete = Math.min(rounds, ...lengths);
  const conflicts = countConflicts(columns, 0, complete);
  const further = countConflicts(columns, complete, Math.min(rounds, Math.max(...lengths)));
  const firstMissing = complete < rounds ? complete : -1;
  const first = conflicts.first < 0 ? firstMissing : conflicts.first;
  return {
    rounds,
    unorderedRounds: rounds - complete + conflicts.count,
    missingRounds: rounds - complete,
    conflictingRounds: conflicts.count + further.count,
    firstDivergence: first < 0 ? null : describeRound(table, first),
  };
}

function distinctColumns(table: LogTable, peers: readonly number[]): LogColumn[] {
  return table.distinct(peers).map((peer) => table.columns[peer]!);
}

function describeRound(table: LogTable, position: number): Divergence {
  const deliveries = table.everyone.map((peer) => {
    const isThere = position < table.length(peer);
    return { peer, message: isThere ? messageAt(table, table.idAt(peer, position)) : null };
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
  const peers = table.everyone.filter((peer) => peer !== publishedCountLeavesOut);
  const end = peers.length > 1 ? Math.max(0, table.messages - 1) : 0;
  const complete = Math.min(end, ...peers.map((peer) => table.length(peer)));
  const conflicts = countConflicts(distinctColumns(table, peers), 0, complete);
  const publishedCount = end - complete + conflicts.count;
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

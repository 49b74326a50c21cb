import type { LogTable } from './log-table.ts';

/** What one peer did with one message: delivered it at `position`, or never (`null`). */
export interface Observation {
  peer: number;
  sender: number;
  sequence: number;
  position: number | null;
}

/** The observations that break a guarantee, and one sentence that says how. */
export interface Counterexample {
  text: string;
  observations: Observation[];
}

/** `held` is `null` where the guarantee could not be judged; then `reason` says why. */
export interface Verdict {
  held: boolean | null;
  counterexample?: Counterexample;
  reason?: string;
}

export function held(): Verdict {
  return { held: true };
}

export function broken(counterexample: Counterexample): Verdict {
  return { held: false, counterexample };
}

export function unjudged(reason: string): Verdict {
  return { held: null, reason };
}

/** A message as its readers know it: (sender, sequence), unless the logs call it otherwise. */
export function messageText(table: LogTable, id: number): string {
  const [sender, sequence] = [table.sender(id), table.sequence(id)];
  return table.names?.message(sender, sequence) ?? `(${sender}, ${sequence})`;
}

/** A peer as its readers know it: `peer 1`, unless the logs call it otherwise. */
export function peerText(table: LogTable, peer: number): string {
  return table.names?.peer(peer) ?? `peer ${peer}`;
}

/** What `peer` did with message `id`. */
export function observe(table: LogTable, peer: number, id: number): Observation {
  const position = table.positions[peer]![id]!;
  return {
    peer,
    sender: table.sender(id),
    sequence: table.sequence(id),
    position: position < 0 ? null : position,
  };
}

/** `peer 1`, `peers 1 and 3`, `peers 1, 3 and 4`. */
export function peersText(table: LogTable, peers: readonly number[]): string {
  const names = peers.map((peer) => peerText(table, peer));
  if (names.length === 1) return names[0]!;
  const arePeers = names.every((name) => name.startsWith('peer '));
  const short = arePeers ? names.map((name) => name.slice('peer '.length)) : names;
  return `${arePeers ? 'peers ' : ''}${short.slice(0, -1).join(', ')} and ${short.at(-1)!}`;
}

/**
 * The verdict on an order that nothing was found to break.
 *
 * An order over nothing would hold vacuously, which would read like success. So a correct peer that
 * delivered nothing leaves the order unjudged, as do fewer than `logsMin` logs that hold anything.
 * `peers` are those whose logs the guarantee speaks of.
 */
export function unbrokenOrder(table: LogTable, peers: readonly number[], logsMin: number): Verdict {
  const filled = peers.filter((peer) => table.length(peer) > 0);
  const empty = peers.filter((peer) => !filled.includes(peer) && table.logs[peer]!.correct);
  if (empty.length > 0) {
    return unjudged(`${peersText(table, empty)} delivered nothing: an empty log keeps no order`);
  }
  if (filled.length >= logsMin) return held();
  if (filled.length === 0) return unjudged('no peer that this is about delivered anything');
  return unjudged(
    `only ${peersText(table, filled)} delivered anything: an order is between two logs`,
  );
}

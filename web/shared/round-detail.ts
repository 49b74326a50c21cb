import { type DeliveredColumns, isUnordered } from './rounds-view.ts';

/** The round that somebody means who typed `round`, where there are `rounds`. */
export function roundWithin(round: number, rounds: number): number {
  return Math.max(0, Math.min(Math.trunc(round), rounds - 1));
}

/** `message 3 of peer 1`, or that there is none, for each peer in `round`. */
export function describeRound(
  columns: readonly DeliveredColumns[],
  round: number,
  nameOf: (sender: number, sequence: number) => string,
): string[] {
  return columns.map(({ senders, sequences }) => {
    const sender = senders[round];
    return sender === undefined ? 'nothing' : nameOf(sender, sequences[round]!);
  });
}

/** The next round after `round` (before it, for a `step` of -1) in which the peers disagree; `null`: there is none. */
export function findUnordered(
  marks: Uint8Array,
  peers: number,
  round: number,
  step: 1 | -1,
): number | null {
  const rounds = marks.length / peers;
  for (let next = round + step; next >= 0 && next < rounds; next += step) {
    if (isUnordered(marks, peers, next)) return next;
  }
  return null;
}

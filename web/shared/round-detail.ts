import type { DeliveredColumns } from './rounds-view.ts';

/** `message 3 of peer 1`, or that there is none, for each peer in `round`. */
export function describeRound(columns: readonly DeliveredColumns[], round: number): string[] {
  return columns.map(({ senders, sequences }) => {
    const sender = senders[round];
    return sender === undefined ? 'nothing' : `(${sender},${sequences[round]!})`;
  });
}

import type { LogTable } from './log-table.ts';
import { broken, held, messageText, observe, peerText, unjudged, type Verdict } from './verdict.ts';

/**
 * Validity: a correct peer delivers every message that it multicast itself (Hadzilacos & Toueg
 * 1994). Where it is not known how many those are, it is presumed to have multicast all of them.
 * The first counterexample is the one with the smallest sequence number, then the smallest peer.
 */
export function judgeValidity(table: LogTable): Verdict {
  const correct = table.peers((log) => log.correct);
  if (correct.length === 0) return unjudged('no peer took part to the end');
  let [peer, sequence] = [-1, Infinity];
  for (const candidate of correct) {
    const found = firstUndelivered(table, candidate, sequence);
    if (found < sequence) [peer, sequence] = [candidate, found];
  }
  return peer < 0 ? held() : describe(table, peer, sequence);
}

/** The smallest sequence number below `before` that the peer multicast and never delivered. */
function firstUndelivered(table: LogTable, peer: number, before: number): number {
  const own = peer * table.messages;
  const end = Math.min(table.multicastsMax[peer]!, before);
  for (let sequence = 0; sequence < end; sequence += 1) {
    if (table.positions[peer]![own + sequence]! < 0) return sequence;
  }
  return Infinity;
}

function describe(table: LogTable, peer: number, sequence: number): Verdict {
  const id = peer * table.messages + sequence;
  const known = table.logs[peer]!.multicasts !== null;
  const verb = known ? 'multicast' : 'is presumed to have multicast';
  const text = `${peerText(table, peer)} ${verb} ${messageText(table, id)} and never delivered it`;
  return broken({ text, observations: [observe(table, peer, id)] });
}

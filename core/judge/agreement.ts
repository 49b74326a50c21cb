import type { LogTable } from './log-table.ts';
import { broken, held, messageText, observe, peerText, unjudged, type Verdict } from './verdict.ts';

/**
 * Agreement: what one correct peer delivers, every correct peer delivers; `uniform` agreement: what
 * any peer delivers, a crashed one as well (Hadzilacos & Toueg 1994). The first counterexample is
 * the delivery at the smallest position, then by the smallest peer, that some correct peer lacks.
 */
export function judgeAgreement(table: LogTable, uniform: boolean): Verdict {
  const correct = table.peers((log) => log.correct);
  if (correct.length === 0) return unjudged('no peer took part to the end');
  const deliverers = countDeliverers(table, correct);
  let [peer, position] = [-1, Infinity];
  for (const candidate of table.distinct(uniform ? table.everyone : correct)) {
    const found = firstLacking(table.positions[candidate]!, deliverers, correct.length);
    if (found < position) [peer, position] = [candidate, found];
  }
  return peer < 0 ? held() : describe(table, peer, position, correct);
}

/** For each message, how many of `peers` delivered it. */
function countDeliverers(table: LogTable, peers: readonly number[]): Uint16Array {
  const deliverers = new Uint16Array(table.count);
  for (const peer of table.distinct(peers)) {
    const positions = table.positions[peer]!;
    const equals = peers.filter((other) => table.positions[other] === positions).length;
    for (let id = 0; id < deliverers.length; id += 1) {
      if (positions[id]! >= 0) deliverers[id]! += equals;
    }
  }
  return deliverers;
}

/**
 * The first position with a message that fewer than `wanted` peers delivered; `Infinity` without one. Goes
 * through the messages by number rather than by position, because that finds everything in the order of
 * memory.
 */
function firstLacking(positions: Int32Array, deliverers: Uint16Array, wanted: number): number {
  let first = Infinity;
  for (let id = 0; id < deliverers.length; id += 1) {
    if (deliverers[id]! >= wanted) continue;
    const position = positions[id]!;
    if (position >= 0 && position < first) first = position;
  }
  return first;
}

function describe(
  table: LogTable,
  peer: number,
  position: number,
  correct: readonly number[],
): Verdict {
  const id = table.idAt(peer, position);
  const lacking = correct.find((other) => table.positions[other]![id]! < 0)!;
  const text =
    `${peerText(table, peer)} delivered ${messageText(table, id)} at position ${position}; ` +
    `${peerText(table, lacking)} never delivered it`;
  return broken({ text, observations: [observe(table, peer, id), observe(table, lacking, id)] });
}

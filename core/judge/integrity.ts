import type { LogTable } from './log-table.ts';
import { broken, held, messageText, observe, type Verdict } from './verdict.ts';

/**
 * Integrity: every delivered message was multicast by its sender, and each peer delivers it at most
 * once (Hadzilacos & Toueg 1994). The first counterexample is the one at the smallest position; of
 * several there, the one of the peer with the smallest number.
 */
export function judgeIntegrity(table: LogTable): Verdict {
  let [peer, position] = [-1, Infinity];
  for (let candidate = 0; candidate < table.size; candidate += 1) {
    const found = firstOffence(table, candidate, position);
    if (found < position) [peer, position] = [candidate, found];
  }
  return peer < 0 ? held() : describe(table, peer, position);
}

/** The first position below `before` with an invention or a repetition; `Infinity` without one. */
function firstOffence(table: LogTable, peer: number, before: number): number {
  const [ids, positions] = [table.ids[peer]!, table.positions[peer]!];
  const end = Math.min(ids.length, before);
  for (let i = 0; i < end; i += 1) {
    if (positions[ids[i]!] !== i || table.invented(ids[i]!)) return i;
  }
  return Infinity;
}

function describe(table: LogTable, peer: number, position: number): Verdict {
  const id = table.ids[peer]![position]!;
  const first = observe(table, peer, id);
  const delivered = `peer ${peer} delivered ${messageText(table, id)}`;
  if (first.position === position) {
    const text = `${delivered} at position ${position}, which nobody multicast`;
    return broken({ text, observations: [first] });
  }
  const text = `${delivered} twice, at positions ${first.position} and ${position}`;
  return broken({ text, observations: [first, { ...first, position }] });
}

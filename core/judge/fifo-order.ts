import type { LogTable } from './log-table.ts';
import { broken, messageText, observe, peerText, unbrokenOrder, type Verdict } from './verdict.ts';

/**
 * FIFO order: no peer delivers two messages of one sender against their numbers (Hadzilacos & Toueg
 * 1994, in the form that tolerates gaps: a message never delivered breaks no order). Inventions are
 * left out: nobody multicast them, before or after anything.
 *
 * The first counterexample is the delivery at the smallest position, then by the smallest peer, that
 * came after one of the same sender with a greater number; that one is the greatest so far.
 */
export function judgeFifoOrder(table: LogTable): Verdict {
  let [peer, position] = [-1, Infinity];
  for (let candidate = 0; candidate < table.size; candidate += 1) {
    const found = firstLate(table, candidate, position);
    if (found < position) [peer, position] = [candidate, found];
  }
  if (peer >= 0) return describe(table, peer, position);
  return unbrokenOrder(table, [...table.ids.keys()], 1);
}

/** The first position below `before` with a message overtaken by a later one of its sender. */
function firstLate(table: LogTable, peer: number, before: number): number {
  const [ids, positions] = [table.ids[peer]!, table.positions[peer]!];
  // The ids of one sender's messages are in the order of their numbers, so the greatest id has the
  // greatest number.
  const greatest = new Int32Array(table.senders).fill(-1);
  const end = Math.min(ids.length, before);
  for (let i = 0; i < end; i += 1) {
    const id = ids[i]!;
    if (table.invented(id)) continue;
    const sender = Math.floor(id / table.messages);
    if (id > greatest[sender]!) greatest[sender] = id;
    else if (positions[id] === i) return i;
  }
  return Infinity;
}

function describe(table: LogTable, peer: number, position: number): Verdict {
  const ids = table.ids[peer]!;
  const late = ids[position]!;
  const overtaking = greatestBefore(table, ids, position);
  const text =
    `${peerText(table, peer)} delivered ${messageText(table, overtaking)} at position ` +
    `${table.positions[peer]![overtaking]} and ${messageText(table, late)} only at ` +
    `${position}, against their sender's order`;
  return broken({
    text,
    observations: [observe(table, peer, overtaking), observe(table, peer, late)],
  });
}

/** The greatest id before `position` of the sender whose message stands there. */
function greatestBefore(table: LogTable, ids: Int32Array, position: number): number {
  const sender = table.sender(ids[position]!);
  let greatest = -1;
  for (let i = 0; i < position; i += 1) {
    const id = ids[i]!;
    if (id > greatest && !table.invented(id) && table.sender(id) === sender) greatest = id;
  }
  return greatest;
}

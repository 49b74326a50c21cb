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
  for (const candidate of table.distinct(table.everyone)) {
    if (keepsFifoOrder(table, candidate)) continue;
    const found = firstLate(table, candidate, position);
    if (found < position) [peer, position] = [candidate, found];
  }
  if (peer >= 0) return describe(table, peer, position);
  return unbrokenOrder(table, table.everyone, 1);
}

/** Whether a peer delivered the messages of each sender in the order of their numbers. */
export function keepsFifoOrder(table: LogTable, peer: number): boolean {
  const positions = table.positions[peer]!;
  for (const [sender, most] of table.multicastsMax.entries()) {
    const begin = sender * table.messages;
    let last = -1;
    for (let id = begin; id < begin + most; id += 1) {
      const position = positions[id]!;
      if (position < 0) continue;
      if (position < last) return false;
      last = position;
    }
  }
  return true;
}

/** The first position below `before` with a message overtaken by a later one of its sender. */
function firstLate(table: LogTable, peer: number, before: number): number {
  const { senders, sequences } = table.columns[peer]!;
  const greatest = new Float64Array(table.senders).fill(-1);
  const end = Math.min(senders.length, before);
  for (let i = 0; i < end; i += 1) {
    const [sender, sequence] = [senders[i]!, sequences[i]!];
    if (!(sender < table.senders && sequence < table.multicastsMax[sender]!)) continue;
    if (sequence > greatest[sender]!) greatest[sender] = sequence;
    else if (table.isFirst(peer, i)) return i;
  }
  return Infinity;
}

function describe(table: LogTable, peer: number, position: number): Verdict {
  const late = table.idAt(peer, position);
  const overtaking = greatestBefore(table, peer, position);
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
function greatestBefore(table: LogTable, peer: number, position: number): number {
  const { senders, sequences } = table.columns[peer]!;
  const sender = senders[position]!;
  const most = table.multicastsMax[sender]!;
  let greatest = -1;
  for (let i = 0; i < position; i += 1) {
    const sequence = sequences[i]!;
    if (senders[i] === sender && sequence < most && sequence > greatest) greatest = sequence;
  }
  return sender * table.messages + greatest;
}

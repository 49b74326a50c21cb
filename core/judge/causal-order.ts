import type { CausalPast, Overtaking } from './causal-past.ts';
import type { LogTable } from './log-table.ts';
import {
  broken,
  messageText,
  observe,
  peerText,
  unbrokenOrder,
  unjudged,
  type Verdict,
} from './verdict.ts';

/**
 * Causal order: a peer that delivers two messages, one in the other's causal past, delivers that one
 * first (Birman & Joseph 1987; Hadzilacos & Toueg 1994, in the form that tolerates gaps).
 *
 * Judged from what each sender had delivered when it multicast. Where some of those times are
 * missing, a violation that the others show still counts; without one the order stays unjudged. The
 * same holds when the logs contradict each other, as when a message is delivered by a peer that its
 * own sender heard of before it multicast it: only causal pasts without a contradiction are judged.
 *
 * `past` is what the logs tell of causality; `null` where none of them notes its multicasts. The first
 * counterexample is the overtaking delivery at the smallest position, then by the smallest
 * peer, with that message of its causal past which the peer delivered last.
 */
export function judgeCausalOrder(table: LogTable, past: CausalPast | null): Verdict {
  if (past === null) return unjudged('the logs do not tell when the messages were multicast');
  if (past.overtaking !== null) return describe(table, past.overtaking);
  const contradiction = past.contradiction();
  if (contradiction !== null) return contradictory(table, contradiction);
  const untimed = past.untimed();
  if (untimed >= 0)
    return unjudged(`no log tells when ${messageText(table, untimed)} was multicast`);
  return unbrokenOrder(table, table.everyone, 1);
}

function contradictory(table: LogTable, { peer, id }: { peer: number; id: number }): Verdict {
  const delivery = `${peerText(table, peer)} delivered ${messageText(table, id)}`;
  return unjudged(
    `the logs contradict each other: by them, ${delivery} before its sender can have multicast it`,
  );
}

function describe(table: LogTable, { peer, position, lateAt }: Overtaking): Verdict {
  const [early, late] = [table.idAt(peer, position), table.idAt(peer, lateAt)];
  const text =
    `${peerText(table, peer)} delivered ${messageText(table, early)} at position ${position} ` +
    `and ${messageText(table, late)}, which causally precedes it, only at ${lateAt}`;
  return broken({ text, observations: [observe(table, peer, late), observe(table, peer, early)] });
}

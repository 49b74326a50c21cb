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

/** Two messages that two peers delivered in opposite orders. */
interface Conflict {
  readonly first: number;
  readonly second: number;
  /**
   * The peer `first` delivered `earlier` before `later`; the peer `second` delivered them in the
   * other order.
   */
  readonly earlier: number;
  readonly later: number;
  /** The greatest of the four positions. */
  readonly visibleAt: number;
}

/**
 * Total order: no two correct peers deliver two common messages in opposite orders; `uniform` total
 * order: no two peers, crashed ones as well (Défago, Schiper & Urbán 2004, in the form that
 * tolerates gaps). The first counterexample is the one whose last delivery of the four has the
 * smallest position; of several, the one of the peers with the smallest numbers.
 */
export function judgeTotalOrder(table: LogTable, uniform: boolean): Verdict {
  const peers = table.peers((log) => uniform || log.correct);
  let conflict: Conflict | null = null;
  let before = Infinity;
  const distinct = table.distinct(peers);
  for (const [index, first] of distinct.entries()) {
    for (const second of distinct.slice(index + 1)) {
      const found = firstConflict(table, first, second, before);
      if (found === null) continue;
      conflict = found;
      before = found.visibleAt;
    }
  }
  if (conflict !== null) return describe(table, conflict);
  const verdict = unbrokenOrder(table, peers, 2);
  if (verdict.held !== true || haveTwoInCommon(table, peers)) return verdict;
  return unjudged(
    'no two peers delivered two messages that both have: there is no order to compare',
  );
}

/** Whether any two of `peers` delivered two messages in common, so that an order can be judged. */
function haveTwoInCommon(table: LogTable, peers: readonly number[]): boolean {
  return peers.some((first) =>
    peers.some((second) => second > first && commonUpToTwo(table, first, second) === 2),
  );
}

function commonUpToTwo(table: LogTable, first: number, second: number): number {
  const [here, there] = [table.positions[first]!, table.positions[second]!];
  let common = 0;
  for (let id = 0; id < here.length && common < 2; id += 1) {
    if (here[id]! >= 0 && there[id]! >= 0) common += 1;
  }
  return common;
}

/**
 * The first conflict of two peers that is visible before `before`, in one pass over both logs from where
 * they part.
 *
 * Both logs are read position by position. A message is common once both have delivered it; one of
 * the two delivers it right now, after all other common ones. So it conflicts with one of them just
 * when the other peer delivered it before the last of them.
 */
function firstConflict(
  table: LogTable,
  first: number,
  second: number,
  before: number,
): Conflict | null {
  const [lengthA, lengthB] = [table.length(first), table.length(second)];
  const [positionsA, positionsB] = [table.positions[first]!, table.positions[second]!];
  const end = Math.min(before, Math.max(lengthA, lengthB));
  const prefix = table.commonPrefix(first, second);
  // Up to there both delivered the same, so that the last common message is at one position of both.
  let lastA = table.lastNewBefore(first, prefix);
  let lastB = lastA;
  for (let now = prefix; now < end; now += 1) {
    const idA = now < lengthA ? table.idAt(first, now) : -1;
    const atB = idA >= 0 ? positionOfNew(idA, now, positionsA, positionsB) : -1;
    if (atB >= 0) {
      if (atB < lastB) {
        const earlier = table.idAt(second, lastB);
        return { first, second, earlier, later: idA, visibleAt: now };
      }
      lastA = now;
      lastB = atB;
    }
    const idB = now < lengthB ? table.idAt(second, now) : -1;
    const atA = idB >= 0 ? positionOfNew(idB, now, positionsB, positionsA) : -1;
    // A message that both peers deliver right now became common just above.
    if (atA >= 0 && atA < now) {
      if (atA < lastA) {
        const later = table.idAt(first, lastA);
        return { first, second, earlier: idB, later, visibleAt: now };
      }
      lastA = atA;
      lastB = now;
    }
  }
  return null;
}

/** Where the other peer delivered `id`, if `id` is new here and common by now; -1 otherwise. */
function positionOfNew(id: number, now: number, here: Int32Array, there: Int32Array): number {
  return here[id] === now && there[id]! <= now ? there[id]! : -1;
}

function describe(table: LogTable, { first, second, earlier, later }: Conflict): Verdict {
  const observations = [first, second].flatMap((peer) => [
    observe(table, peer, earlier),
    observe(table, peer, later),
  ]);
  const [a, b, c, d] = observations.map(({ position }) => String(position));
  const text =
    `${peerText(table, first)} delivered ${messageText(table, earlier)} at position ${a!} and ` +
    `${messageText(table, later)} at ${b!}; ${peerText(table, second)} delivered them at ${c!} and ${d!}`;
  return broken({ text, observations });
}

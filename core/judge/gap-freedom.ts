import type { LogTable } from './log-table.ts';
import { broken, messageText, observe, peerText, unbrokenOrder, type Verdict } from './verdict.ts';

/** Where two logs part: after `agreed` equal messages, at one position of each. */
interface Parting {
  readonly first: number;
  readonly second: number;
  readonly agreed: number;
  readonly positionFirst: number;
  readonly positionSecond: number;
}

/**
 * Gap freedom: of any two logs one is a prefix of the other (Défago, Schiper & Urbán 2004). Relative
 * order alone allows a peer to skip a message and go on. Repetitions are left out: they are
 * integrity's. The first counterexample is the one after the fewest equal messages; of several, the
 * one of the peers with the smallest numbers.
 */
export function judgeGapFreedom(table: LogTable): Verdict {
  let parting: Parting | null = null;
  let before = Infinity;
  const peers = table.distinct(table.everyone);
  for (const [index, first] of peers.entries()) {
    for (const second of peers.slice(index + 1)) {
      const found = findParting(table, first, second, before);
      if (found === null) continue;
      parting = found;
      before = found.agreed;
    }
  }
  if (parting !== null) return describe(table, parting);
  return unbrokenOrder(table, table.everyone, 2);
}

/** Where the two logs part after fewer than `before` equal messages; `null` when they do not. */
function findParting(
  table: LogTable,
  first: number,
  second: number,
  before: number,
): Parting | null {
  const [endFirst, endSecond] = [table.length(first), table.length(second)];
  const prefix = table.commonPrefix(first, second);
  let positionFirst = nextFirst(table, first, prefix);
  let positionSecond = nextFirst(table, second, prefix);
  for (let agreed = table.distinctIn(first, prefix); agreed < before; agreed += 1) {
    if (positionFirst >= endFirst || positionSecond >= endSecond) return null;
    if (table.idAt(first, positionFirst) !== table.idAt(second, positionSecond)) {
      return { first, second, agreed, positionFirst, positionSecond };
    }
    positionFirst = nextFirst(table, first, positionFirst + 1);
    positionSecond = nextFirst(table, second, positionSecond + 1);
  }
  return null;
}

/** The next position, from `from` on, with a message that was not delivered before. */
function nextFirst(table: LogTable, peer: number, from: number): number {
  const end = table.length(peer);
  let position = from;
  while (position < end && !table.isFirst(peer, position)) position += 1;
  return position;
}

function describe(table: LogTable, parting: Parting): Verdict {
  const { first, second, agreed } = parting;
  const here = table.idAt(first, parting.positionFirst);
  const there = table.idAt(second, parting.positionSecond);
  const text =
    `after ${agreed} equal ${agreed === 1 ? 'message' : 'messages'}, ${peerText(table, first)} delivered ` +
    `${messageText(table, here)} at position ${parting.positionFirst} and ` +
    `${peerText(table, second)} delivered ${messageText(table, there)} at ${parting.positionSecond}`;
  const observations = [first, second].flatMap((peer) => [
    observe(table, peer, here),
    observe(table, peer, there),
  ]);
  return broken({ text, observations });
}

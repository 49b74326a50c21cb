import type { LogTable } from '../log-table.ts';
import type { PairHands, PairJob, PairResult } from './pair-jobs.ts';

/** How far apart the orders of two peers are. */
export interface PairDistance {
  first: number;
  second: number;
  /** Messages that both delivered. */
  common: number;
  /** Kendall tau distance: pairs of common messages in opposite orders, by their first deliveries. */
  discordant: number;
  /** `discordant` over all pairs of common messages, 0 to 1; `null` below two messages. */
  normalized: number | null;
  /** How many first positions are the same at both, repetitions included. */
  commonPrefix: number;
}

/**
 * Begins to measure how far apart the orders of all pairs of peers are; the function that it returns gives
 * them in the order of the peers' numbers. Logs that are equal are measured once.
 */
export function beginPairs(table: LogTable, hands: PairHands): () => PairDistance[] {
  const pairs = pairsOf(table.distinct(table.everyone));
  const results = hands.begin(pairs.map(([first, second]) => jobOf(table, first, second)));
  return () => {
    const distances = new Map<number, Distance>();
    for (const [index, result] of results().entries()) {
      const [first, second] = pairs[index]!;
      distances.set(first * table.size + second, distanceOf(table, first, second, result));
    }
    return pairsOf(table.everyone).map(([first, second]) => {
      const [a, b] = [table.firstEqual(first), table.firstEqual(second)];
      const measured = distances.get(Math.min(a, b) * table.size + Math.max(a, b));
      return { first, second, ...(measured ?? distanceOf(table, a, a, NOTHING_BEHIND)) };
    });
  };
}

type Distance = Omit<PairDistance, 'first' | 'second'>;

const NOTHING_BEHIND: PairResult = { common: 0, discordant: 0 };

function pairsOf(peers: readonly number[]): [number, number][] {
  return peers.flatMap((first, index) =>
    peers.slice(index + 1).map((second): [number, number] => [first, second]),
  );
}

function jobOf(table: LogTable, first: number, second: number): PairJob {
  return {
    here: table.positions[first]!,
    there: table.positions[second]!,
    hereLength: table.length(first),
    thereLength: table.length(second),
    commonPrefix: table.commonPrefix(first, second),
  };
}

function distanceOf(
  table: LogTable,
  first: number,
  second: number,
  { common: behind, discordant }: PairResult,
): Distance {
  const commonPrefix = table.commonPrefix(first, second);
  // What stands in the common prefix stands before all else at both peers, in one order.
  const common = table.distinctIn(first, commonPrefix) + behind;
  const normalized = common < 2 ? null : discordant / ((common * (common - 1)) / 2);
  return { common, discordant, normalized, commonPrefix };
}

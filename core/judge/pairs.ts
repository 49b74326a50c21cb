import { countInversions } from './kendall-tau.ts';
import type { LogTable } from './log-table.ts';

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

/** Every pair of peers, in the order of their numbers; O(n log n) for logs of n deliveries. */
export function measurePairs(table: LogTable): PairDistance[] {
  const longest = Math.max(...table.ids.map((ids) => ids.length));
  // All pairs of peers share one pair of buffers, since there may be hundreds of pairs.
  const [values, scratch] = [new Int32Array(longest), new Int32Array(longest)];
  const pairs: PairDistance[] = [];
  for (let first = 0; first < table.size; first += 1) {
    for (let second = first + 1; second < table.size; second += 1) {
      const commonPrefix = table.commonPrefix(first, second);
      const behind = fillCommon(table, first, second, commonPrefix, values);
      // What stands in the common prefix stands before all else at both peers, in one order.
      const discordant = countInversions(values.subarray(0, behind), scratch);
      const common = table.distinctIn(first, commonPrefix) + behind;
      const normalized = common < 2 ? null : discordant / ((common * (common - 1)) / 2);
      pairs.push({ first, second, common, discordant, normalized, commonPrefix });
    }
  }
  return pairs;
}

/**
 * Puts the positions at `second` of the common messages that stand at `from` or behind, in the order of
 * `first`, into `values`; gives how many they are.
 */
function fillCommon(
  table: LogTable,
  first: number,
  second: number,
  from: number,
  values: Int32Array,
): number {
  const ids = table.ids[first]!;
  const [here, there] = [table.positions[first]!, table.positions[second]!];
  let length = 0;
  for (let i = from; i < ids.length; i += 1) {
    const id = ids[i]!;
    if (here[id] !== i || there[id]! < 0) continue;
    values[length] = there[id]!;
    length += 1;
  }
  return length;
}

import { countDifferent, firstDifferent, type LogColumn } from './log-column.ts';

/** How many positions have different messages, and which is the first (-1 without one). */
export interface Conflicts {
  count: number;
  first: number;
}

/**
 * Counts the positions from `from` to `to` - 1 at which two of the columns have different messages. A column
 * that ends before a position has nothing there, which conflicts with nothing.
 */
export function countConflicts(columns: readonly LogColumn[], from: number, to: number): Conflicts {
  const found = { count: 0, first: -1 };
  let begin = from;
  // Between the ends of two columns, the columns that have anything there have all of it.
  for (const end of ascending(columns.map((column) => Math.min(column.length, to)))) {
    if (end <= begin) continue;
    const present = columns.filter((column) => column.length >= end);
    const count = countDifferent(present, begin, end);
    if (count > 0 && found.first < 0) found.first = firstDifferent(present, begin);
    found.count += count;
    begin = end;
  }
  return found;
}

function ascending(lengths: readonly number[]): number[] {
  return [...new Set(lengths)].sort((a, b) => a - b);
}

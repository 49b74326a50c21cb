import type { LogColumn } from './log-column.ts';

/** How many positions are looked at together: what is noted of them stays in the first cache. */
const BLOCK = 4_096;

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
  if (to <= from) return found;
  const differs = new Uint8Array(Math.min(BLOCK, to - from));
  let begin = from;
  // Between the ends of two columns, the columns that have anything there have all of it.
  for (const length of ascending(columns.map((column) => Math.min(column.length, to)))) {
    const present = columns.filter((column) => column.length >= length);
    while (begin < length && present.length > 1) {
      const end = Math.min(begin + BLOCK, length);
      const inBlock = markConflicts(present, begin, end, differs);
      if (inBlock > 0 && found.first < 0) found.first = begin + differs.indexOf(1);
      found.count += inBlock;
      begin = end;
    }
    begin = Math.max(begin, length);
  }
  return found;
}

function ascending(lengths: readonly number[]): number[] {
  return [...new Set(lengths)].sort((a, b) => a - b);
}

/** Marks in `differs` which positions of a block have different messages; gives how many they are. */
function markConflicts(
  [base, ...others]: readonly LogColumn[],
  begin: number,
  end: number,
  differs: Uint8Array,
): number {
  const marks = differs.subarray(0, end - begin).fill(0);
  let count = 0;
  for (const other of others) {
    // In logs that are shuffled nearly every position is marked by the second log, and the rest need no look.
    if (count === marks.length) return count;
    if (!areEqual(base!, other, begin, end)) count += markDifferences(base!, other, begin, marks);
  }
  return count;
}

/** Whether two columns have the same messages from `begin` to `end` - 1, which are at most a block. */
function areEqual(first: LogColumn, second: LogColumn, begin: number, end: number): boolean {
  const [sendersA, sequencesA] = [first.senders, first.sequences];
  const [sendersB, sequencesB] = [second.senders, second.sequences];
  if (sequencesA[begin] !== sequencesB[begin]) return false;
  let difference = 0;
  // It asks once for a block: a question for each position would take longer than the comparison.
  for (let i = begin; i < end; i += 1) {
    difference |= (sequencesA[i]! ^ sequencesB[i]!) | (sendersA[i]! ^ sendersB[i]!);
  }
  return difference === 0;
}

/** Marks where two columns differ; gives how many marks are new. */
function markDifferences(
  first: LogColumn,
  second: LogColumn,
  begin: number,
  marks: Uint8Array,
): number {
  const [sendersA, sequencesA] = [first.senders, first.sequences];
  const [sendersB, sequencesB] = [second.senders, second.sequences];
  let marked = 0;
  for (let i = 0, position = begin; i < marks.length; i += 1, position += 1) {
    const isSame =
      sequencesA[position] === sequencesB[position] && sendersA[position] === sendersB[position];
    if (isSame || marks[i] === 1) continue;
    marks[i] = 1;
    marked += 1;
  }
  return marked;
}

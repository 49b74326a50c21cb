import type { DeliveredSequence } from '../records/delivered-sequence.ts';

/** How many positions are compared before it is asked whether they differ. */
const BLOCK = 64;

/** What one peer delivered, position by position: message (`senders[i]`, `sequences[i]`) at position i. */
export interface LogColumn {
  readonly length: number;
  readonly senders: Uint16Array;
  readonly sequences: Uint32Array;
}

/** The column of a log, whose views are valid until something is appended to the log. */
export function columnOf({ length, senders, sequences }: DeliveredSequence): LogColumn {
  return { length, senders, sequences };
}

/** How many first positions have the same message in both columns. */
export function countPrefix(first: LogColumn, second: LogColumn): number {
  const end = Math.min(first.length, second.length);
  let length = 0;
  while (length < end) {
    const blockEnd = Math.min(length + BLOCK, end);
    if (areEqual(first, second, length, blockEnd)) length = blockEnd;
    else return firstDifferent([first, second], length);
  }
  return length;
}

/** The first position from `from` on at which two of the columns have different messages; there is one. */
export function firstDifferent([base, ...others]: readonly LogColumn[], from: number): number {
  let position = from;
  while (others.every((other) => isSameAt(base!, other, position))) position += 1;
  return position;
}

/** How many positions there are from `from` to `to` - 1 at which two of the columns have different messages. */
export function countDifferent(columns: readonly LogColumn[], from: number, to: number): number {
  const [base, second, ...others] = columns;
  if (base === undefined || second === undefined) return 0;
  let count = 0;
  // Where most positions of a block differ, so do those of the next one, mostly: to compare it as a whole would be in vain.
  let isLikelyEqual = true;
  for (let begin = from; begin < to; begin += BLOCK) {
    const end = Math.min(begin + BLOCK, to);
    if (isLikelyEqual && areAllEqual(columns, begin, end)) continue;
    const different = countEachDifferent(base, second, others, begin, end);
    count += different;
    isLikelyEqual = 2 * different < end - begin;
  }
  return count;
}

function areAllEqual(columns: readonly LogColumn[], begin: number, end: number): boolean {
  for (let other = 1; other < columns.length; other += 1) {
    if (!areEqual(columns[0]!, columns[other]!, begin, end)) return false;
  }
  return true;
}

function countEachDifferent(
  base: LogColumn,
  second: LogColumn,
  others: readonly LogColumn[],
  begin: number,
  end: number,
): number {
  const [senders, sequences] = [base.senders, base.sequences];
  const [secondSenders, secondSequences] = [second.senders, second.sequences];
  let count = 0;
  for (let position = begin; position < end; position += 1) {
    // In logs that are shuffled the second one differs nearly everywhere, and the rest need no look.
    const isSecondSame =
      sequences[position] === secondSequences[position] &&
      senders[position] === secondSenders[position];
    if (!isSecondSame || !areAllSame(base, others, position)) count += 1;
  }
  return count;
}

function areAllSame(base: LogColumn, others: readonly LogColumn[], position: number): boolean {
  for (const other of others) if (!isSameAt(base, other, position)) return false;
  return true;
}

function isSameAt(first: LogColumn, second: LogColumn, position: number): boolean {
  return (
    first.sequences[position] === second.sequences[position] &&
    first.senders[position] === second.senders[position]
  );
}

/**
 * Whether two columns have the same messages from `begin` to `end` - 1. It asks once, at the end, and has two
 * positions under way: a question for each position would take longer than the comparison.
 */
function areEqual(first: LogColumn, second: LogColumn, begin: number, end: number): boolean {
  const [sendersA, sequencesA] = [first.senders, first.sequences];
  const [sendersB, sequencesB] = [second.senders, second.sequences];
  let [even, odd] = [0, 0];
  let i = begin;
  for (; i < end - 1; i += 2) {
    even |= (sequencesA[i]! ^ sequencesB[i]!) | (sendersA[i]! ^ sendersB[i]!);
    odd |= (sequencesA[i + 1]! ^ sequencesB[i + 1]!) | (sendersA[i + 1]! ^ sendersB[i + 1]!);
  }
  if (i < end) even |= (sequencesA[i]! ^ sequencesB[i]!) | (sendersA[i]! ^ sendersB[i]!);
  return (even | odd) === 0;
}

import type { DeliveredSequence } from '../records/delivered-sequence.ts';

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
  const [sendersA, sequencesA] = [first.senders, first.sequences];
  const [sendersB, sequencesB] = [second.senders, second.sequences];
  let length = 0;
  while (
    length < end &&
    sequencesA[length] === sequencesB[length] &&
    sendersA[length] === sendersB[length]
  ) {
    length += 1;
  }
  return length;
}

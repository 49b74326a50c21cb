import type { LogColumn } from './log-column.ts';

/** Sender and sequence as one number below 2^48, in the order of (sender, sequence). */
const SENDER_UNIT = 2 ** 32;

/**
 * Strays: messages outside the range that a run can have, which some log shows nevertheless. They are
 * numbered in the order of (sender, sequence). Logs are untrusted and may hold millions of inventions,
 * so strays are kept in a sorted column, not in a map.
 */
export class Strays {
  readonly #keys: Float64Array;

  /** Collects all messages of `columns` but those of `senders` senders with `messages` messages each. */
  constructor(columns: readonly LogColumn[], senders: number, messages: number) {
    this.#keys = collect(columns, senders, messages);
  }

  /** How many different strays there are. */
  get count(): number {
    return this.#keys.length;
  }

  sender(stray: number): number {
    return Math.floor(this.#keys[stray]! / SENDER_UNIT);
  }

  sequence(stray: number): number {
    return this.#keys[stray]! % SENDER_UNIT;
  }

  /** The number of a stray that is in one of the columns. */
  find(sender: number, sequence: number): number {
    const key = sender * SENDER_UNIT + sequence;
    let [low, high] = [0, this.#keys.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function collect(columns: readonly LogColumn[], known: number, messages: number): Float64Array {
  const counts = columns.map((column) => countIn(column, known, messages));
  const keys = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  let length = 0;
  for (const [index, { senders, sequences }] of columns.entries()) {
    for (let i = 0; counts[index]! > 0 && i < senders.length; i += 1) {
      if (senders[i]! < known && sequences[i]! < messages) continue;
      keys[length] = senders[i]! * SENDER_UNIT + sequences[i]!;
      length += 1;
    }
  }
  return distinct(keys.sort());
}

function countIn({ senders, sequences }: LogColumn, known: number, messages: number): number {
  let count = 0;
  for (let i = 0; i < senders.length; i += 1) {
    if (senders[i]! >= known || sequences[i]! >= messages) count += 1;
  }
  return count;
}

function distinct(sorted: Float64Array): Float64Array {
  let length = 0;
  for (let i = 0; i < sorted.length; i += 1) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    sorted[length] = sorted[i]!;
    length += 1;
  }
  return sorted.subarray(0, length);
}

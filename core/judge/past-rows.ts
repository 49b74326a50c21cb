import { grown } from '../base/grown.ts';

/** How many rows are made at a time, at most. */
const CHUNK_BITS_MAX = 14;

/**
 * Rows of `width` numbers each. A row is used again once it was given back, so that there is memory for
 * those rows only that are in use at the same time.
 */
export class PastRows {
  readonly #width: number;
  /** A chunk has 2^chunkBits rows. */
  readonly #chunkBits: number;
  readonly #chunks: Int32Array[] = [];
  /** Rows that were given back. */
  #free = new Int32Array(16);
  #freeCount = 0;
  /** How many rows were made. */
  #made = 0;

  /** `rowsMax`: how many rows can be in use at the same time. */
  constructor(width: number, rowsMax: number) {
    this.#width = width;
    this.#chunkBits = Math.min(32 - Math.clz32(rowsMax), CHUNK_BITS_MAX);
  }

  /** The number of a row that nobody uses, from 0 on. */
  take(): number {
    if (this.#freeCount > 0) {
      this.#freeCount -= 1;
      return this.#free[this.#freeCount]!;
    }
    if (this.#made >>> this.#chunkBits === this.#chunks.length) {
      this.#chunks.push(new Int32Array(this.#width << this.#chunkBits));
    }
    this.#made += 1;
    return this.#made - 1;
  }

  giveBack(row: number): void {
    if (this.#freeCount === this.#free.length) {
      this.#free = grown(this.#free, 2 * this.#free.length);
    }
    this.#free[this.#freeCount] = row;
    this.#freeCount += 1;
  }

  /** Writes a row. */
  write(row: number, values: Int32Array): void {
    const chunk = this.#chunks[row >>> this.#chunkBits]!;
    const begin = (row & ((1 << this.#chunkBits) - 1)) * this.#width;
    for (let i = 0; i < this.#width; i += 1) chunk[begin + i] = values[i]!;
  }

  /** Raises `values` to those of a row that are greater. */
  raise(values: Int32Array, row: number): void {
    const chunk = this.#chunks[row >>> this.#chunkBits]!;
    const begin = (row & ((1 << this.#chunkBits) - 1)) * this.#width;
    for (let i = 0; i < this.#width; i += 1) {
      const value = chunk[begin + i]!;
      if (value > values[i]!) values[i] = value;
    }
  }
}

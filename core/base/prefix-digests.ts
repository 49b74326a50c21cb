import { type Digest, SequenceDigest } from './digest.ts';

/** Entries between two digests that are kept. */
const KEPT_EVERY = 64;

/** Adds the numbers of the entry at `index` to `digest`. */
export type AddEntry = (index: number, digest: SequenceDigest) => void;

/**
 * Digests of the beginnings of a sequence that only grows. Each entry is read once, plus less than
 * KEPT_EVERY for each digest that is asked for, however long the sequence is; and none before one is asked for.
 */
export class PrefixDigests {
  /** The digest of the first KEPT_EVERY x (index + 1) entries: its two numbers, at 2 x index and after. */
  readonly #kept: number[] = [];

  /** The digest of the first `length` entries. */
  of(length: number, add: AddEntry): Digest {
    const marks = Math.min(this.#kept.length / 2, Math.floor(length / KEPT_EVERY));
    const digest = new SequenceDigest();
    if (marks > 0) {
      digest.first = this.#kept[2 * marks - 2]!;
      digest.second = this.#kept[2 * marks - 1]!;
    }
    for (let index = marks * KEPT_EVERY; index < length; index += 1) {
      add(index, digest);
      if ((index + 1) % KEPT_EVERY === 0) this.#kept.push(digest.first, digest.second);
    }
    return digest;
  }
}

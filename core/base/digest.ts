import { mix } from './mix.ts';

/** Two numbers of 32 bits that stand for a set, or for a sequence. */
export interface Digest {
  readonly first: number;
  readonly second: number;
}

/** A digest to which numbers below 2^32 are added. */
export interface GrowingDigest extends Digest {
  add(number: number): void;
}

/**
 * A digest of a set of numbers below 2^32 that grows: equal sets have equal digests, whatever the order in
 * which they grew; different ones have the same with a chance of about 2^-64, unless somebody wants them to.
 * It is the sum of the numbers' hashes (Bellare and Micciancio, "A new paradigm for collision-free hashing",
 * 1997, with a hash that is fast rather than hard to invert: the finalizer of MurmurHash3).
 */
export class SetDigest implements GrowingDigest {
  first = 0;
  second = 0;

  /** Adds `number`, which was not in the set before. */
  add(number: number): void {
    this.first = (this.first + mix(number)) >>> 0;
    this.second = (this.second + mix(number ^ 0x9e37_79b9)) >>> 0;
  }
}

/**
 * A digest of a sequence of numbers below 2^32, as reliable as that of a set; it is equal only
 * where the order is equal, too.
 */
export class SequenceDigest implements GrowingDigest {
  first = 0;
  second = 0;

  /** Adds `number` at the end of the sequence. */
  add(number: number): void {
    this.first = mix((Math.imul(this.first, 31) + number) >>> 0);
    this.second = mix((Math.imul(this.second, 37) ^ number ^ 0x9e37_79b9) >>> 0);
  }
}

export function isSameDigest(one: Digest, other: Digest): boolean {
  return one.first === other.first && one.second === other.second;
}

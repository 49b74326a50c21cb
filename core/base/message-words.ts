import { mix } from './mix.ts';

/** 2^32 by the golden ratio: its multiples lie far apart in the words. */
const GOLDEN = 0x9e37_79b9;

/**
 * Random words for one message after another, of which each is worked out by itself: a key of the message
 * and the word's index, mixed. A `RandomStream` would draw some 20 words before the first that it gives, and
 * each of them waits for the one before it.
 *
 * The words have two keys in turns, so that two messages have the same words only where 64 bits are the same;
 * messages of one sender never have, because its sequence numbers go through a one-to-one function.
 * Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), SplitMix, with 32
 * bits.
 */
export class MessageWords {
  readonly #seed: number;
  #even = 0;
  #odd = 0;

  /** Other words for each `seed`, an unsigned word. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Makes these the words of message `sequence` of member `sender`, both unsigned words. */
  restart(sender: number, sequence: number): void {
    const ofSender = mix(this.#seed ^ mix(sender + GOLDEN));
    // Signed words take no object of their own in V8.
    this.#even = mix((ofSender + sequence) | 0) | 0;
    this.#odd = mix(this.#even ^ mix(ofSender)) | 0;
  }

  /** The word at `index`, which counts from 0: the bits of a signed integer. */
  at(index: number): number {
    const key = (index & 1) === 0 ? this.#even : this.#odd;
    return mix((key + Math.imul(index, GOLDEN)) | 0) | 0;
  }
}

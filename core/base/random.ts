import { assert, isU32 } from './assert.ts';

/**
 * A seeded generator of uniform numbers in [0, 1): sfc32 (Chris Doty-Humphrey, PractRand 2010),
 * 128 bits of state, period at least 2^32. The same words give the same numbers on every machine.
 */
export class RandomStream {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /**
   * `words` name the stream, for instance (seed, purpose, member): unsigned 32-bit integers, 1 to 3.
   */
  constructor(...words: readonly [number, number?, number?]) {
    const [a, b = 0, c = 0] = words;
    assert(
      isU32(a) && isU32(b) && isU32(c),
      'a random stream is named by unsigned 32-bit integers',
    );
    // Signed numbers of the same bits: the operators below give signed numbers.
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = c | 0;
    // The words themselves are not random, so the first outputs are discarded, as the author's own
    // seeding does.
    for (let discarded = 0; discarded < 15; discarded += 1) this.nextWord();
  }

  next(): number {
    return (this.nextWord() >>> 0) / 0x1_0000_0000;
  }

  /** The next number's 32 bits, as a signed integer. */
  nextWord(): number {
    const b = this.#b;
    const c = this.#c;
    const sum = (((this.#a + b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = b ^ (b >>> 9);
    this.#b = (c + (c << 3)) | 0;
    this.#c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum;
  }
}

/** The numbers of a RandomStream of these words, as a function. */
export function createRandom(...words: readonly [number, number?, number?]): () => number {
  const stream = new RandomStream(...words);
  return () => stream.next();
}

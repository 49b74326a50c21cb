import { assert, isU32 } from './assert.ts';

/**
 * A seeded generator of uniform numbers in [0, 1): sfc32 (Chris Doty-Humphrey, PractRand 2010),
 * 128 bits of state, period at least 2^32. The same words give the same numbers on every machine.
 *
 * `words` name the stream, for instance (seed, purpose, member): unsigned 32-bit integers, 1 to 3.
 */
export function createRandom(...words: readonly [number, number?, number?]): () => number {
  let [a, b, c] = [words[0], words[1] ?? 0, words[2] ?? 0];
  assert(isU32(a) && isU32(b) && isU32(c), 'a random stream is named by unsigned 32-bit integers');
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  // The words are not random themselves: the author's own seeding discards the first outputs.
  for (let discarded = 0; discarded < 15; discarded += 1) next();
  return next;
}

import { assert } from '../../base/assert.ts';

/** Up to this number of values each has a bit in one number, which is faster than counting digits. */
const BITS_MAX = 32;
/** Digits have 8 bits: their counters fit the first cache, and 2^24 values take three passes. */
const DIGIT_BITS = 8;
const DIGITS = 2 ** DIGIT_BITS;

/**
 * How many pairs of `values`, which are 0 to n - 1 in any order, stand in descending order (inversions).
 * Takes O(n log n) steps, and O(n) where the values are nearly in order. Destroys `values`, and
 * `scratch`, which must have n places or more. The count is at most n(n-1)/2, which is exact for every length
 * that an array can have here.
 *
 * With the positions of messages at one peer, listed in another peer's order, this is the Kendall tau
 * distance of the two orders (Kendall 1938): the number of pairs that they have in opposite orders.
 *
 * Logs are often nearly in order. So the values are cut wherever all before are smaller than all behind:
 * then no inversion crosses the cut, and each part is again a run of numbers without a gap.
 */
export function countInversions(values: Int32Array, scratch: Int32Array): number {
  assert(scratch.length >= values.length, 'inversions are counted with as much room again');
  let [inversions, from, greatest] = [0, 0, 0];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (value > greatest) greatest = value;
    if (greatest > i) continue;
    inversions += countPart(values, scratch, from, i + 1);
    from = i + 1;
  }
  return inversions;
}

function countPart(values: Int32Array, scratch: Int32Array, from: number, to: number): number {
  if (to - from <= BITS_MAX) return countByBits(values, from, to);
  const bits = 32 - Math.clz32(to - from - 1);
  const shift = Math.floor((bits - 1) / DIGIT_BITS) * DIGIT_BITS;
  return countByDigits(values, scratch, from, to, shift);
}

/** Inversions of at most 32 values: each is inverted with those seen before it whose bits are above its own. */
function countByBits(values: Int32Array, from: number, to: number): number {
  let [inversions, seen] = [0, 0];
  for (let i = from; i < to; i += 1) {
    const bit = values[i]! - from;
    inversions += countOnes(seen >>> bit);
    seen |= 1 << bit;
  }
  return inversions;
}

/** How many of 32 bits are 1 (Warren, Hacker's Delight, 5-1): sums of pairs, of fours, of bytes, of all. */
function countOnes(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/**
 * The inversions of the values `from` to `to` - 1, which stand at these same places in any order, by
 * radix sort from the greatest digit on. Two values are inverted by their greatest different digit: so
 * inversions of this digit are counted, then those within the values that share it.
 *
 * No value is missing, so that where each bucket begins is known beforehand; and a bucket of the second
 * digit fits the second cache. Merging compares values that nobody can predict, and waits for each
 * comparison; here nothing waits and nothing branches.
 */
function countByDigits(
  values: Int32Array,
  scratch: Int32Array,
  from: number,
  to: number,
  shift: number,
): number {
  if (to - from <= BITS_MAX) return countByBits(values, from, to);
  let inversions = countDigit(values, from, to, shift);
  if (shift === 0) return inversions;
  partition(values, scratch, from, to, shift);
  const size = 2 ** shift;
  for (let begin = from; begin < to; begin += size) {
    const end = Math.min(begin + size, to);
    inversions += countByDigits(scratch, values, begin, end, shift - DIGIT_BITS);
  }
  return inversions;
}

/** `ones[node]`: how many values so far have a 1 behind the bits that lead to this node of the tree below. */
const ones = new Int32Array(DIGITS);

/**
 * Inversions of one digit. Its bits are the way down a binary tree, whose nodes count the values that went
 * on to the right; a value that goes to the left is inverted with all these. Nodes are numbered like those
 * of a heap. The eight steps are written out, which makes them twice as fast.
 */
function countDigit(values: Int32Array, from: number, to: number, shift: number): number {
  ones.fill(0);
  let inversions = 0;
  for (let i = from; i < to; i += 1) {
    const digit = (values[i]! - from) >> shift;
    // `passed` stays below 2^31: a digit has eight bits, and at most 2^28 values are counted.
    let passed = step(1, digit >> 7);
    passed += step(2 | (digit >> 7), (digit >> 6) & 1);
    passed += step(4 | (digit >> 6), (digit >> 5) & 1);
    passed += step(8 | (digit >> 5), (digit >> 4) & 1);
    passed += step(16 | (digit >> 4), (digit >> 3) & 1);
    passed += step(32 | (digit >> 3), (digit >> 2) & 1);
    passed += step(64 | (digit >> 2), (digit >> 1) & 1);
    passed += step(128 | (digit >> 1), digit & 1);
    inversions += passed;
  }
  return inversions;
}

/** Goes on from a node to the right (`bit` is 1), or to the left past all values that went to the right. */
function step(node: number, bit: number): number {
  const right = ones[node]!;
  ones[node] = right + bit;
  return right & (bit - 1);
}

/** `places[digit]`: where the next value with this digit goes. */
const places = new Int32Array(DIGITS);

/** Writes the values to `into` by their digits; those that share a digit keep their order. */
function partition(
  values: Int32Array,
  into: Int32Array,
  from: number,
  to: number,
  shift: number,
): void {
  for (let digit = 0; digit < DIGITS; digit += 1) places[digit] = from + digit * 2 ** shift;
  for (let i = from; i < to; i += 1) {
    const value = values[i]!;
    const digit = (value - from) >> shift;
    const place = places[digit]!;
    into[place] = value;
    places[digit] = place + 1;
  }
}

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '../../../core/base/random.ts';
import { compareDeliveries } from '../../../core/judge/comparison.ts';
import { countInversions } from '../../../core/judge/pairs/kendall-tau.ts';
import { logOf, type Event } from './logs.ts';

function inversionsOf(values: Int32Array): number {
  return countInversions(values, new Int32Array(values.length));
}

function byEveryPair(values: Int32Array): number {
  let inversions = 0;
  for (let i = 0; i < values.length; i += 1) {
    for (let j = i + 1; j < values.length; j += 1) if (values[i]! > values[j]!) inversions += 1;
  }
  return inversions;
}

/** 0 to `length` - 1, of which each is moved by a few times `reach` places at most. */
function shuffled(length: number, reach: number, seed: number): Int32Array {
  const random = createRandom(1, seed);
  const values = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i -= 1) {
    const other = i - Math.floor(random() * Math.min(reach, i + 1));
    [values[i], values[other]] = [values[other]!, values[i]!];
  }
  return values;
}

test('counts what comparing every pair counts', () => {
  // Up to 32 values are sorted by insertion, up to 256 have one digit, and more have two.
  const length = fc.oneof(fc.nat(40), fc.nat(300), fc.nat(1_000));
  const reach = fc.constantFrom(1, 2, 8, 100, 1_000);
  fc.assert(
    fc.property(length, reach, fc.nat(), (count, distance, seed) => {
      const values = shuffled(count, distance, seed);
      const expected = byEveryPair(values);
      expect(inversionsOf(values)).toBe(expected);
    }),
  );
});

test('counts three digits like two merged halves', () => {
  const values = shuffled(70_000, 70_000, 7);
  expect(inversionsOf(values.slice())).toBe(byMerging([...values]).inversions);
});

/** Merge sort (Knight 1966): what is taken from the right passes all that is left of the left. */
function byMerging(values: number[]): { sorted: number[]; inversions: number } {
  if (values.length < 2) return { sorted: values, inversions: 0 };
  const middle = values.length >> 1;
  const [left, right] = [byMerging(values.slice(0, middle)), byMerging(values.slice(middle))];
  let [i, inversions] = [0, left.inversions + right.inversions];
  const sorted: number[] = [];
  for (const value of right.sorted) {
    while (i < middle && left.sorted[i]! < value) sorted.push(left.sorted[i++]!);
    sorted.push(value);
    inversions += middle - i;
  }
  return { sorted: [...sorted, ...left.sorted.slice(i)], inversions };
}

test('a reversed million has n(n-1)/2 inversions, far beyond 32 bits', () => {
  const count = 1_000_000;
  const values = Int32Array.from({ length: count }, (_, i) => count - 1 - i);
  expect(inversionsOf(values)).toBe(499_999_500_000);
});

describe('the distance of two logs', () => {
  const all: Event[] = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];

  test('is 1 when reversed, and counts common messages at their first deliveries', () => {
    const [pair] = compareDeliveries([logOf(all), logOf(all.toReversed())], 2).pairs;
    expect(pair).toEqual({
      first: 0,
      second: 1,
      common: 4,
      discordant: 6,
      normalized: 1,
      commonPrefix: 0,
    });
    const [gapped] = compareDeliveries(
      [logOf(all), logOf([all[0]!, all[2]!, all[0]!, all[1]!])],
      2,
    ).pairs;
    expect(gapped).toMatchObject({ common: 3, discordant: 1, normalized: 1 / 3, commonPrefix: 1 });
  });

  test('is unknown with fewer than two common messages', () => {
    const [pair] = compareDeliveries([logOf(all.slice(0, 2)), logOf(all.slice(1, 2))], 2).pairs;
    expect(pair).toMatchObject({ common: 1, discordant: 0, normalized: null });
  });
});

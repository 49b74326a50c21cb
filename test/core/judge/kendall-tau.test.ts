import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareDeliveries } from '../../../core/judge/comparison.ts';
import { countInversions } from '../../../core/judge/kendall-tau.ts';
import { logOf, type Event } from './logs.ts';

function inversionsOf(values: readonly number[]): number {
  const column = Int32Array.from(values);
  return countInversions(column, new Int32Array(values.length));
}

test('counts what comparing every pair counts, and sorts', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { maxLength: 120 }), (values) => {
      const descending = values.flatMap((a, i) => values.slice(i + 1).filter((b) => a > b));
      const column = Int32Array.from(values);
      const scratch = new Int32Array(Math.ceil(values.length / 2));
      expect(countInversions(column, scratch)).toBe(descending.length);
      expect([...column]).toEqual(values.toSorted((a, b) => a - b));
    }),
  );
});

test('a reversed million has n(n-1)/2 inversions, far beyond 32 bits', () => {
  const count = 1_000_000;
  expect(inversionsOf(Array.from({ length: count }, (_, i) => count - i))).toBe(499_999_500_000);
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

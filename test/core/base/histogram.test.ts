import { describe, expect, test } from '@jest/globals';
import { Histogram } from '../../../core/base/histogram.ts';
import { createRandom } from '../../../core/base/random.ts';

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('a histogram', () => {
  test.each([0, 1, 1_023, 1_024, 2_047])('tells %i exactly', (value) => {
    const histogram = histogramOf([value]);
    expect(histogram).toMatchObject({ count: 1, max: value });
    expect(histogram.percentile(1)).toBe(value);
    expect(histogram.percentile(100)).toBe(value);
  });

  test('gives percentiles of what was counted, to a thousandth', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 10_000 }, () => Math.floor(2 ** (31 * random())));
    const histogram = histogramOf(values);
    const sorted = [...values].sort((one, other) => one - other);
    for (const percent of [1, 10, 50, 90, 99, 99.9, 100]) {
      const exact = sorted[Math.ceil((percent / 100) * values.length) - 1]!;
      const told = histogram.percentile(percent);
      expect(told).toBeGreaterThanOrEqual(exact);
      expect(told).toBeLessThanOrEqual(exact * (1 + 1 / 1_024) + 1);
    }
  });

  test.each([2_048, 2_049, 4_095, 4_096, 1_000_000, 2 ** 31 - 1])(
    'has a bucket of its own for %i beside half and twice as much',
    (value) => {
      const histogram = histogramOf([value / 2, value, 2 * value]);
      const told = histogram.percentile(50);
      expect(told).toBeGreaterThanOrEqual(value);
      expect(told).toBeLessThanOrEqual(value * (1 + 1 / 1_024));
      expect(histogram.percentile(100)).toBeGreaterThan(told - 1);
    },
  );

  test('rounds, and takes what is greater than its greatest bucket into that', () => {
    expect(histogramOf([1.4, 1.6]).percentile(50)).toBe(1);
    expect(histogramOf([1.4, 1.6]).percentile(100)).toBe(2);
    const late = histogramOf([5, 2 ** 40]);
    expect(late.max).toBe(2 ** 40);
    expect(late.percentile(50)).toBe(5);
    expect(late.percentile(100)).toBe(2 ** 31 - 1);
  });

  test('has no percentiles while it is empty', () => {
    expect(() => new Histogram().percentile(50)).toThrow(/values/);
  });
});

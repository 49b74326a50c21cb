import { assert } from '../core/base/assert.ts';

/** The mean and the spread of a list of numbers. */
export interface Statistics {
  readonly n: number;
  readonly mean: number;
  /**
   * The standard deviation of a sample, whose sum of squares is divided by n - 1; `null` below two values.
   */
  readonly standardDeviation: number | null;
  readonly min: number;
  readonly max: number;
}

/** `null` for an empty list: nothing was measured, which is not 0. */
export function statisticsOf(values: readonly number[]): Statistics | null {
  assert(values.every(Number.isFinite), 'only finite numbers have statistics');
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    n,
    mean,
    standardDeviation: n < 2 ? null : Math.sqrt(squares / (n - 1)),
    min: values.reduce((least, value) => Math.min(least, value), Infinity),
    max: values.reduce((most, value) => Math.max(most, value), -Infinity),
  };
}

/** The largest value; `null` for an empty list. */
export function largestOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

/** The middle value, or the mean of the two in the middle; `null` for an empty list. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((first, second) => first - second);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

import { expect, test } from '@jest/globals';
import { formatNumber, percent } from '../../../cli/render/table.ts';

test.each([
  [0, 0, ''],
  [0, 3, ' (0%)'],
  [1, 8, ' (12.5%)'],
  [3, 20_480, ' (under 0.1%)'],
  [20_479, 20_480, ' (over 99.9%)'],
  [1999, 2001, ' (99.9%)'],
  [3, 3, ' (100%)'],
])('%i of %i is told as "%s"', (part, whole, told) => {
  expect(percent(part, whole)).toBe(told);
});

test.each([
  [0, 0, '0'],
  [999, 0, '999'],
  [1_000, 0, '1,000'],
  [-1_234_567, 0, '-1,234,567'],
  [12_345.6, 1, '12,345.6'],
  [12_345.96, 1, '12,346'],
  [1_000.25, 2, '1,000.25'],
  [0.0009, 3, '0.001'],
])('%f with at most %i decimals is written "%s"', (value, decimals, written) => {
  expect(formatNumber(value, decimals)).toBe(written);
});

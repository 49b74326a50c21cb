import { expect, test } from '@jest/globals';
import { percent } from '../../../cli/render/table.ts';

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

import { expect, test } from '@jest/globals';
import { HangWatch } from '../../../cli/shell/hang-watch.ts';

test('a thread hangs once it gave no sign of life for longer than the bound', () => {
  let signs = 0;
  const watch = new HangWatch(() => signs, 100);
  watch.begin(1_000);
  expect(watch.isHanging(1_100)).toBe(false);
  expect(watch.isHanging(1_101)).toBe(true);
  signs = 1;
  expect(watch.isHanging(1_150)).toBe(false);
  expect(watch.isHanging(1_250)).toBe(false);
  expect(watch.isHanging(1_251)).toBe(true);
});

test('a count that began anew is a sign of life, and so is a new task', () => {
  let signs = 0xffff_ffff;
  const watch = new HangWatch(() => signs, 100);
  watch.begin(0);
  signs = 0;
  expect(watch.isHanging(150)).toBe(false);
  expect(watch.isHanging(300)).toBe(true);
  watch.begin(300);
  expect(watch.isHanging(400)).toBe(false);
});

test('before it has begun, the first look begins it', () => {
  expect(new HangWatch(() => 7, 100).isHanging(1e9)).toBe(false);
});

import { expect, test } from '@jest/globals';
import { HangWatch } from '../../../cli/shell/hang-watch.ts';

/** Looks each 20 ms, as a timer does; tells when the thread counted as hanging, `null` where it did not. */
function lookFrom(watch: HangWatch, beganMs: number, endMs: number): number | null {
  for (let nowMs = beganMs + 20; nowMs <= endMs; nowMs += 20) {
    if (watch.isHanging(nowMs)) return nowMs;
  }
  return null;
}

test('a thread hangs once it gave no sign of life for longer than the bound', () => {
  let signs = 0;
  const watch = new HangWatch(() => signs, 100);
  watch.begin(1_000);
  expect(lookFrom(watch, 1_000, 1_100)).toBeNull();
  expect(watch.isHanging(1_101)).toBe(true);
  signs = 1;
  expect(watch.isHanging(1_150)).toBe(false);
  expect(lookFrom(watch, 1_150, 1_250)).toBeNull();
  expect(watch.isHanging(1_251)).toBe(true);
});

test('a count that began anew is a sign of life, and so is a new task', () => {
  let signs = 0xffff_ffff;
  const watch = new HangWatch(() => signs, 100);
  watch.begin(0);
  signs = 0;
  expect(watch.isHanging(150)).toBe(false);
  expect(lookFrom(watch, 150, 300)).toBe(270);
  watch.begin(300);
  expect(lookFrom(watch, 300, 400)).toBeNull();
});

test('before it has begun, the first look begins it', () => {
  expect(new HangWatch(() => 7, 100).isHanging(1e9)).toBe(false);
});

test('the time in which nobody could look accuses nobody: whoever looks was stopped, and so was the thread', () => {
  const watch = new HangWatch(() => 7, 100);
  watch.begin(0);
  expect(watch.isHanging(20)).toBe(false);
  expect(watch.isHanging(600_000)).toBe(false);
  expect(lookFrom(watch, 600_000, 600_040)).toBeNull();
  expect(lookFrom(watch, 600_040, 601_000)).toBe(600_060);
});

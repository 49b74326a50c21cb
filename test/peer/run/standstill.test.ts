import { expect, test } from '@jest/globals';
import { Standstill } from '../../../peer/run/standstill.ts';

/** A member whose timer goes off as late as a test says, and that has a processor for as long as it says. */
function member() {
  const state = { nowUs: 0, usedUs: 700, wake: (): void => undefined, timers: 0 };
  const clock = {
    monotonicUs: () => state.nowUs,
    wallMs: () => 0,
    processorUs: () => state.usedUs,
    after: (delayMs: number, wake: () => void) => {
      const dueAt = state.nowUs + delayMs * 1_000;
      state.timers += 1;
      state.wake = () => {
        state.timers -= 1;
        state.nowUs = Math.max(state.nowUs, dueAt);
        wake();
      };
      return () => void (state.timers -= 1);
    },
    soon: (work: () => void) => work(),
  };
  const standstill = new Standstill(clock);
  return {
    standstill,
    timers: () => state.timers,
    /** The timer goes off `lateMs` after it was due, while the process had a processor for `usedMs`. */
    look(lateMs: number, usedMs = 0): number {
      state.nowUs += (5 + lateMs) * 1_000;
      state.usedUs += usedMs * 1_000;
      state.wake();
      return standstill.us / 1_000;
    },
  };
}

test('a timer that goes off late tells how long the process was not run', () => {
  const { look } = member();
  expect(look(0)).toBe(0);
  expect(look(18)).toBe(18);
  expect(look(0)).toBe(18);
  expect(look(3_000)).toBe(3_018);
});

test('the longest time is told, and how long the process had a processor', () => {
  const { standstill, look } = member();
  look(18, 2);
  look(3_000, 1);
  look(40);
  expect(standstill.longestUs).toBe(2_999_000);
  expect(standstill.usedUs).toBe(3_000);
});

test('what a timer is late anyway does not count, nor does what the process did itself', () => {
  const { look } = member();
  expect(look(4)).toBe(0);
  expect(look(40, 40)).toBe(0);
  expect(look(40, 10)).toBe(30);
});

test('it has one timer, and none once it is off', () => {
  const { standstill, look, timers } = member();
  look(0);
  expect(timers()).toBe(1);
  standstill.off();
  expect(timers()).toBe(0);
});

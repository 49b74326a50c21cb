import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { CLOCK_VARIABLE, clockEnvironment, clockOf } from '../../backend/laboratory-clock.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the clock of a laboratory', () => {
  test('is the time of day at its start, and for all who are told its settings', () => {
    const before = Date.now();
    const environment = clockEnvironment();
    const [first, second] = [clockOf(environment)(), clockOf({ ...environment })()];
    const after = Date.now();
    expect(first).toBeGreaterThanOrEqual(before - 2);
    expect(second).toBeGreaterThanOrEqual(first);
    expect(second).toBeLessThanOrEqual(after + 2);
    expect(Number.isInteger(first)).toBe(true);
  });

  test.each([3_600_000, -3_600_000])(
    'does not step when the time of day does, by %i ms',
    (step) => {
      const clock = clockOf(clockEnvironment());
      const before = clock();
      const stepped = Date.now() + step;
      jest.spyOn(Date, 'now').mockReturnValue(stepped);
      expect(Math.abs(clock() - before)).toBeLessThan(1_800_000);
      // A laboratory that starts after the step begins with the new time.
      expect(Math.abs(clockOf(clockEnvironment())() - stepped)).toBeLessThan(1_800_000);
    },
  );

  test('is the time of day where nothing is said, as in the cloud', () => {
    expect(clockOf({})).toBe(Date.now);
  });

  test.each(['', '1.5', 'now', '1e3', '9'.repeat(16)])('cannot be set to %j', (text) => {
    expect(() => clockOf({ [CLOCK_VARIABLE]: text })).toThrow(/MPCOMM_CLOCK_OFFSET_MS=".*" is a/);
  });
});

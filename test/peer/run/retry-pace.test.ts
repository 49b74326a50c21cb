import { describe, expect, test } from '@jest/globals';
import { RetryPace } from '../../../peer/run/retry-pace.ts';

/** The waits after those numbers of members did not answer, one after another. */
function waits(...unanswered: number[]): number[] {
  const pace = new RetryPace(200, 1_600);
  return unanswered.map((count) => {
    pace.asked(count);
    return pace.us;
  });
}

describe('who did not answer is asked again', () => {
  test('soon, while they are few: a datagram was lost', () => {
    expect(waits(7, 7, 7, 7)).toEqual([200, 200, 200, 200]);
    expect(waits(63, 20, 8, 3)).toEqual([200, 200, 200, 200]);
  });

  test('ever later, up to a bound, while most of many did not: they have no time', () => {
    expect(waits(63, 60, 50, 40, 30, 29)).toEqual([200, 400, 800, 1_600, 1_600, 1_600]);
  });

  test('soon again once at least half of them answered', () => {
    expect(waits(63, 60, 50, 20, 10)).toEqual([200, 400, 800, 200, 200]);
    expect(waits(14, 12, 7, 6)).toEqual([200, 400, 800, 200]);
  });

  test('as before, where all are asked something new', () => {
    const pace = new RetryPace(200, 1_600);
    pace.asked(63);
    pace.asked(60);
    pace.begin();
    pace.asked(63);
    expect(pace.us).toBe(400);
    pace.asked(20);
    expect(pace.us).toBe(200);
  });
});

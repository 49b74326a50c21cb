import { describe, expect, test } from '@jest/globals';
import { mayBeGrantedLater, OutOfTimeError } from '../../../gcp/retry.ts';
import { type Clock, systemClock } from '../../../peer/clock.ts';
import { patiently } from '../../../peer/duty/patiently.ts';

const denied = Object.assign(new Error('7 PERMISSION_DENIED'), { code: 7 });
const explained = new Error('This account may not use the topic', { cause: denied });

/** A clock on which a wait is over at once, and the waits so far. */
function quickClock() {
  let nowMs = 0;
  const pauses: number[] = [];
  const clock: Clock = {
    ...systemClock,
    monotonicUs: () => nowMs * 1_000,
    processorUs: () => 0,
    after: (delayMs, wake) => {
      nowMs += delayMs;
      pauses.push(delayMs);
      queueMicrotask(wake);
      return () => undefined;
    },
  };
  return { clock, pauses, nowMs: () => nowMs };
}

/** What becomes of calls that fail with `error` for `forMs`. */
async function call(error: Error, forMs: number) {
  const { clock, pauses, nowMs } = quickClock();
  const failures: unknown[] = [];
  const attempt = async () => {
    if (nowMs() < forMs) throw error;
    return 'an answer';
  };
  const outcome = await patiently(attempt, clock, (failure) => void failures.push(failure)).catch(
    (failure: unknown) => failure,
  );
  return { outcome, failures: failures.length, pauses, tookMs: nowMs() };
}

describe('a daemon’s first call', () => {
  test('is tried again while its role may not be known yet, at most every 15 s', async () => {
    const { outcome, failures, pauses } = await call(explained, 7 * 60_000);
    expect(outcome).toBe('an answer');
    expect(pauses.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(failures).toBe(pauses.length);
  });

  test('is tried for 20 minutes', async () => {
    const { outcome, tookMs } = await call(explained, Infinity);
    expect(outcome).toBe(explained);
    expect(tookMs).toBeGreaterThanOrEqual(1_200_000);
    expect(tookMs).toBeLessThan(1_220_000);
  });

  test('fails at once where no waiting helps', async () => {
    const error = new Error('Subscription mpcomm-a belongs to another topic');
    expect(await call(error, 1_000)).toMatchObject({ outcome: error, pauses: [] });
  });
});

test.each([
  ['a refusal', denied, true],
  ['one that was explained', explained, true],
  ['no answer', new OutOfTimeError('Reading did not succeed within 30 s'), true],
  ['what is there already', Object.assign(new Error('6'), { code: 6 }), false],
  ['a defect', new TypeError('a.b is not a function'), false],
  ['nothing', undefined, false],
])('%s may work minutes later: %#', (_name, error, expected) => {
  expect(mayBeGrantedLater(error)).toBe(expected);
});

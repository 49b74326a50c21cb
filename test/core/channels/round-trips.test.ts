import { describe, expect, test } from '@jest/globals';
import { ACKNOWLEDGE_US_MAX, RoundTrips } from '../../../core/channels/round-trips.ts';

const MS = 1_000;

/** One channel, 0, which measured round trips of `samplesMs`. */
function measured(...samplesMs: readonly number[]): RoundTrips {
  const roundTrips = new RoundTrips(1);
  for (const sampleMs of samplesMs) roundTrips.measure(0, sampleMs * MS);
  return roundTrips;
}

function steady(): RoundTrips {
  return measured(...Array.from({ length: 60 }, () => 100));
}

describe('how much later than its successors a message may be', () => {
  test('is little on a path whose round trips hardly differ', () => {
    expect(steady().reorderingUs(0)).toBe(1 * MS);
    expect(
      measured(...Array.from({ length: 60 }, () => [100, 102]).flat()).reorderingUs(0),
    ).toBeLessThan(6 * MS);
  });

  test('is a quarter of a round trip where they differ much, and before that is known', () => {
    expect(measured(100).reorderingUs(0)).toBe(25 * MS);
    const differing = measured(...Array.from({ length: 60 }, () => [50, 150]).flat());
    expect(differing.reorderingUs(0)).toBeCloseTo(differing.smoothedUs(0) / 4);
  });

  test('grows with each loss that was none, up to four times, and falls with sixteen that were some', () => {
    const roundTrips = measured(100);
    const inQuarters = (): number => roundTrips.reorderingUs(0) / (25 * MS);
    roundTrips.wasOnlyLate(0);
    expect(inQuarters()).toBe(2);
    for (let time = 0; time < 9; time += 1) roundTrips.wasOnlyLate(0);
    expect(inQuarters()).toBe(4);
    for (let time = 0; time < 16; time += 1) roundTrips.wasLost(0, 100 * MS);
    expect(inQuarters()).toBe(3);
    for (let time = 0; time < 100; time += 1) roundTrips.wasLost(0, 100 * MS);
    expect(inQuarters()).toBe(1);
  });

  test('is added to the round trip of what was transmitted last', () => {
    const roundTrips = steady();
    roundTrips.arrived(0, 500 * MS, 120 * MS);
    roundTrips.arrived(0, 400 * MS, 300 * MS);
    expect(roundTrips.arrivedSentAt(0)).toBe(500 * MS);
    expect(roundTrips.overtakenUs(0)).toBe(121 * MS);
  });
});

describe('the timeout', () => {
  test('has room for deviations, and for an acknowledgement that waits', () => {
    expect(measured(200).timeoutUs(0)).toBe(200 * MS + 4 * 50 * MS + ACKNOWLEDGE_US_MAX);
    expect(measured(1).timeoutUs(0)).toBe(200 * MS);
  });

  test('is doubled from the second on that passes with no arrival between, up to four times', () => {
    const roundTrips = measured(200);
    const shortest = roundTrips.timeoutUs(0);
    const timeouts = [1, 2, 3, 4].map((expiries) => {
      roundTrips.expired(0, expiries);
      return roundTrips.timeoutUs(0);
    });
    expect(timeouts).toEqual([shortest, 2 * shortest, 2_000 * MS, 2_000 * MS]);
  });

  test('is short again once a retransmission arrived, unless it was too short', () => {
    const roundTrips = measured(200);
    const shortest = roundTrips.timeoutUs(0);
    roundTrips.expired(0, 2);
    roundTrips.wasLost(0, shortest + 1);
    expect(roundTrips.timeoutUs(0)).toBe(2 * shortest);
    roundTrips.wasLost(0, shortest);
    expect(roundTrips.timeoutUs(0)).toBe(shortest);
  });

  test('runs from the transmission, or later if what arrived last took longer than it', () => {
    const roundTrips = steady();
    roundTrips.arrived(0, 0, 100 * MS);
    expect(roundTrips.timedFrom(0, 50 * MS)).toBeCloseTo(50 * MS);
    roundTrips.arrived(0, 10 * MS, 700 * MS);
    expect(roundTrips.timedFrom(0, 50 * MS) + roundTrips.timeoutUs(0)).toBeCloseTo(850 * MS, -2);
  });
});

test('an acknowledgement that comes much less than a round trip after a retransmission is not about it', () => {
  expect(steady().isTooSoon(0, 70 * MS)).toBe(true);
  expect(steady().isTooSoon(0, 98 * MS)).toBe(false);
});

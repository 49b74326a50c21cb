import { expect, test } from '@jest/globals';
import { describeSlowest } from '../../../control/comparison/describe-slowest.ts';

const nameOf = (peer: number): string => `peer ${peer}`;

/** What is said where the members were busy for `busyMs` each, by index. */
function saidOf(busyMs: readonly (number | null)[], durationMs = 10_000): string[] {
  const reports = busyMs.map((busy) =>
    busy === null ? null : { durationMs, counters: { busyMs: busy } },
  );
  return describeSlowest(reports, nameOf);
}

test('the one member that was busy is named, with how long', () => {
  const [said] = saidOf([100, 0, 8_900, null]);
  expect(said).toMatch(/^peer 2 was slower than the others.* 8\.9 s of 10\.0 s,.* 0\.1 s$/);
});

test.each([
  ['nobody was busy', [0, 0, 0], 10_000],
  ['nobody reported', [null, null], 10_000],
  ['there is nobody', [], 10_000],
  ['it was not long', [0, 0, 900], 1_000],
  ['it was a small part of the run', [0, 0, 4_000], 10_000],
  ['another one was as busy', [0, 5_000, 8_000], 10_000],
  ['all were', [8_000, 8_000, 8_000], 10_000],
])('nobody is named where %s', (_, busyMs, durationMs) => {
  expect(saidOf(busyMs as (number | null)[], durationMs)).toEqual([]);
});

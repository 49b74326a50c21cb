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

/** What is said of three members, of which the last has these times, and the others `others` of both. */
function saidOfOne(busyMs: number, standstillMs: number, others = 0): string[] {
  const other = { durationMs: 10_000, counters: { busyMs: others, standstillMs: others } };
  const one = { durationMs: 10_000, counters: { busyMs, standstillMs } };
  return describeSlowest([other, other, one], nameOf);
}

test('so is one whose process was not run, or both', () => {
  expect(saidOfOne(200, 8_600)).toEqual([
    'peer 2 was slower than the others: it was not run for 8.6 s of 10.0 s, and no other member for more than 0.0 s',
  ]);
  expect(saidOfOne(2_000, 6_600, 500)).toEqual([
    'peer 2 was slower than the others: it was busy with messages for 2.0 s, and not run for 6.6 s, of 10.0 s, ' +
      'and no other member for more than 1.0 s',
  ]);
  expect(saidOfOne(2_000, 2_900)).toEqual([]);
  expect(saidOfOne(2_000, 6_600, 4_000)).toEqual([]);
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

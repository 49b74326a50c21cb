import { expect, test } from '@jest/globals';
import {
  describeSlowest,
  describeStandstills,
} from '../../../control/comparison/describe-slowest.ts';

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

/** What is said where the members' processes were not run for `standstillMs` each, by index; `null`: no report. */
function saidOfStopped(standstillMs: readonly (number | null)[]): string[] {
  const reports = standstillMs.map((ms) =>
    ms === null ? null : { durationMs: 20_000, counters: { busyMs: 0, standstillMs: ms } },
  );
  return describeStandstills(reports, nameOf);
}

test('who was stopped for a while is named, and so are several', () => {
  expect(saidOfStopped([0, 3_100, 200, null])).toEqual([
    'peer 1 was not run for 3.1 s in all: its process was stopped, or others had its processor',
  ]);
  expect(saidOfStopped([3_000, 0, 4_000, 0, 0])).toEqual([
    expect.stringMatching(/^peer 0 was not run for 3\.0 s/),
    expect.stringMatching(/^peer 2 was not run for 4\.0 s/),
  ]);
  expect(saidOfStopped([2_000, 0])).toHaveLength(1);
});

test('who stood still at a stretch is named where all did in all, with how long', () => {
  const reportOf = (standstillMsMax: number) => ({
    durationMs: 10_000,
    counters: { busyMs: 1_000, standstillMs: 4_000, standstillMsMax },
  });
  const reports = [300, 3_040, 200, 120].map(reportOf);
  expect(describeStandstills(reports, nameOf)).toEqual([
    'peer 1 was not run for 4.0 s in all, 3.0 s of that at a stretch: its process was stopped, or others had its processor',
  ]);
  expect(describeStandstills([300, 900, 200, 120].map(reportOf), nameOf)).toEqual([]);
});

test('what a member stood still beyond its last delivery is part of its time', () => {
  const other = { durationMs: 5_000, counters: { busyMs: 500 } };
  const failed = { durationMs: 1_200, counters: { busyMs: 300, standstillMs: 3_100 } };
  expect(describeSlowest([other, failed, other], nameOf)).toEqual([
    expect.stringMatching(/not run for 3\.1 s of 3\.1 s,/),
  ]);
});

test.each([
  ['nobody was stopped', [0, 0, 0]],
  ['nobody reported', [null, null]],
  ['it was not long', [0, 900, 0]],
  ['the machine did the same to most', [2_000, 3_000, 1_800, 1_600]],
  ['another one was stopped as long', [2_000, 3_000]],
  ['it is the one that was slower than the others', [0, 12_000, 0]],
])('nobody is named as stopped where %s', (_, standstillMs) => {
  expect(saidOfStopped(standstillMs)).toEqual([]);
});

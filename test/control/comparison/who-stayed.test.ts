import { describe, expect, test } from '@jest/globals';
import { companyOf } from '../../../control/comparison/who-stayed.ts';
import type { MemberLog } from '../../../control/comparison/member-log.ts';
import type { Report } from '../../../control/documents.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';

/** `null`: it left no report; an outcome, and whom it missed, by place. */
type Told = null | Report['outcome'] | readonly [Report['outcome'], ...number[]];

function members(...told: readonly Told[]): MemberLog[] {
  return told.map((each, place) => {
    const [outcome, ...missing] = typeof each === 'string' ? [each] : (each ?? ['complete']);
    const report = { outcome, missing: missing.map((peer) => `peer-${peer}`) };
    return {
      peerId: `peer-${place}`,
      zone: null,
      standing: each === null ? 'crashed' : 'reported',
      reason: null,
      report: each === null ? null : (report as unknown as Report),
      sequence: new DeliveredSequence(),
      multicasts: null,
      multicastsNoted: true,
      reportedAtUs: null,
    };
  });
}

function stayed(...told: readonly Told[]): string {
  const { stayed: who, isMajority } = companyOf(members(...told));
  const text = who.flatMap((is, place) => (is ? [place] : [])).join(' ');
  return isMajority ? text : `${text} (no majority)`;
}

const without = (...missing: number[]) => ['settled', ...missing] as const;

describe('who stayed together to the end of a run', () => {
  test.each<[string, string, readonly Told[]]>([
    ['all that have everything', '0 1 2', ['complete', 'complete', 'complete']],
    ['all that lost something for good', '0 1 2', ['complete', 'settled', 'settled']],
    [
      'not who was told to stop, failed, or never began',
      '0 1 2',
      ['complete', 'complete', 'complete', 'abandoned', 'failed'],
    ],
    ['not who left no report', '0 2', [without(1), null, without(1)]],
    [
      'not who came back after the others had parted',
      '0 2',
      [without(1), without(0, 2), without(1)],
    ],
    [
      'not even one that has everything, if it was left',
      '0 2 3',
      [without(1), 'complete', without(1), without(1)],
    ],
    [
      'the half that went on, of a group that was divided',
      '2 3 4',
      [without(2, 3, 4), without(2, 3, 4), without(0, 1), without(0, 1), without(0, 1)],
    ],
    [
      'those that went on with one that others had left',
      '0 2 3',
      ['complete', without(3), 'complete', 'complete'],
    ],
    [
      'those that left it, if they are more',
      '0 1 2 3',
      [without(5), without(5), without(5), without(5), 'complete', 'complete'],
    ],
    [
      'not who was gone when the others had everything',
      '0 2',
      [['complete', 1], 'complete', ['complete', 1]],
    ],
    ['whom the deadline stopped as well', '0 1 2', ['deadline', 'complete', 'deadline']],
    [
      'nobody in particular where halves are equal',
      '0 1 2 3 (no majority)',
      [without(2, 3), without(2, 3), without(0, 1), without(0, 1)],
    ],
    [
      'nobody in particular where everyone left in a way of its own',
      '0 1 2 (no majority)',
      [without(1), without(2), without(0)],
    ],
    ['whoever is left, where a majority is lost', '0 (no majority)', [without(1, 2), null, null]],
    ['nobody, where nobody saw an end', ' (no majority)', [null, 'abandoned']],
  ])('%s: %s', (_name, expected, told) => {
    expect(stayed(...told)).toBe(expected);
  });

  test('left behind is who saw an end of its own', () => {
    const told = [without(1), without(0, 2, 3), without(1), without(1), 'abandoned'] as const;
    expect(companyOf(members(...told)).leftBehind).toEqual([false, true, false, false, false]);
  });

  test('lost is who did not stay, and whom anybody ended without', () => {
    const { lost } = companyOf(members('complete', ['complete', 3], null, 'complete'));
    expect(lost).toEqual([false, false, true, true]);
  });
});

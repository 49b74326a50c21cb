import { describe, expect, test } from '@jest/globals';
import { excuse } from '../../../control/comparison/excuses.ts';
import type { ComparisonInput, MemberLog } from '../../../control/comparison/member-log.ts';
import type { Comparison } from '../../../control/comparison-document.ts';
import type { Report } from '../../../control/documents.ts';
import { GUARANTEE_NAMES, type GuaranteeName } from '../../../core/guarantees.ts';

const COUNTEREXAMPLE = { text: 'peer 0 did, peer 1 did not', observations: [] };
const ALL_BROKEN = Object.fromEntries(
  GUARANTEE_NAMES.map((name) => [name, { held: false, counterexample: COUNTEREXAMPLE }]),
) as unknown as Comparison['guarantees'];
const LIVENESS = ['validity', 'agreement', 'uniformAgreement'];

/** Which guarantees are not judged when all of them are broken, and why. */
function excused(
  outcomes: readonly Report['outcome'][],
  promises: Pick<ComparisonInput, 'declared' | 'survives'>,
  company: { readonly isMajority: boolean; readonly lost: readonly boolean[] },
): { names: string[]; reasons: Set<string | undefined> } {
  const members = outcomes.map((outcome, place) => ({
    peerId: `peer-${place}`,
    report: { outcome },
  })) as unknown as MemberLog[];
  const input = { members, ...promises } as unknown as ComparisonInput;
  const stayed = company.lost.map((lost) => !lost);
  const verdicts = excuse(ALL_BROKEN, input, { stayed, leftBehind: [], ...company });
  const names = GUARANTEE_NAMES.filter((name) => verdicts[name].held === null);
  return { names, reasons: new Set(names.map((name) => verdicts[name].reason)) };
}

const declared: readonly GuaranteeName[] = GUARANTEE_NAMES;
const fifo: readonly GuaranteeName[] = ['validity', 'agreement', 'fifo'];
const nonUniform = GUARANTEE_NAMES.filter((name) => !name.startsWith('uniform'));
const together = { isMajority: true, lost: [false, false, false] };
const oneLost = { isMajority: true, lost: [false, true, false] };
const apart = { isMajority: false, lost: [true, true, true] };
const ENDED = ['complete', 'settled', 'settled'] as const;
const CUT = ['complete', 'deadline', 'settled'] as const;

describe('what is not held against an ordering', () => {
  test('nothing, in a run in which everybody stayed', () => {
    for (const survives of ['none', 'minority'] as const) {
      expect(excused(ENDED, { declared, survives }, together).names).toEqual([]);
    }
  });

  test('whatever was not delivered when the deadline came, declared or not', () => {
    for (const survives of ['none', 'minority'] as const) {
      const { names, reasons } = excused(CUT, { declared: [], survives }, together);
      expect(names).toEqual(LIVENESS);
      expect([...reasons]).toEqual([
        'the deadline cut the run off at peer-1: peer 0 did, peer 1 did not',
      ]);
    }
  });

  test('what one that survives nobody’s loss promised before somebody was lost', () => {
    const { names, reasons } = excused(ENDED, { declared: fifo, survives: 'none' }, oneLost);
    expect(names).toEqual(['validity', 'agreement']);
    expect([...reasons]).toEqual([
      'it is promised only while nobody is lost, and peer-1 was: peer 0 did, peer 1 did not',
    ]);
  });

  test('of one that survives a minority nothing, while a majority stays together', () => {
    expect(excused(ENDED, { declared, survives: 'minority' }, oneLost).names).toEqual([]);
    const { names, reasons } = excused(ENDED, { declared, survives: 'minority' }, apart);
    expect(names).toEqual(LIVENESS);
    expect([...reasons][0]).toContain('a majority stays together to the end, and none did');
  });

  test('an order that a member may have been about to give up, where it is not uniform', () => {
    const promises = { declared: nonUniform, survives: 'minority' as const };
    expect(excused(CUT, promises, together).names).toEqual([...LIVENESS, 'total']);
    expect(excused(ENDED, promises, apart).names).toContain('total');
    expect(excused(ENDED, promises, oneLost).names).not.toContain('total');
    expect(excused(CUT, { ...promises, survives: 'none' }, together).names).toEqual(LIVENESS);
  });

  test('no loss excuses anything where it is not known what is survived', () => {
    expect(excused(ENDED, { declared, survives: undefined }, apart).names).toEqual([]);
  });
});

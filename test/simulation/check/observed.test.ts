import { describe, expect, test } from '@jest/globals';
import { GUARANTEE_NAMES } from '../../../core/guarantees.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';
import { ObservedRun } from '../../../simulation/check/observed.ts';
import type { MemberResult } from '../../../simulation/simulate.ts';

/** Members that delivered these, as (sender, sequence), after their own multicasts before them. */
function membersOf(...logs: readonly (readonly (readonly [number, number])[])[]): MemberResult[] {
  return logs.map((log, self) => {
    const sequence = new DeliveredSequence();
    for (const [sender, number] of log) {
      if (sender === self) sequence.appendMulticast();
      sequence.appendDelivery(sender, number);
    }
    return { sequence } as MemberResult;
  });
}

describe('a run shows', () => {
  test('only validity where nobody delivered a message of another', () => {
    const observed = new ObservedRun(membersOf([[0, 0]], [[1, 0]]));
    expect(observed.whyNot('validity')).toBeNull();
    for (const name of GUARANTEE_NAMES.filter((each) => each !== 'validity')) {
      expect([name, observed.whyNot(name)]).toEqual([
        name,
        'no peer delivered a message of another',
      ]);
    }
  });

  test('no order of senders with one message each, and no cause where none knew of another', () => {
    const observed = new ObservedRun(
      membersOf(
        [
          [0, 0],
          [1, 0],
        ],
        [
          [1, 0],
          [0, 0],
        ],
      ),
    );
    expect(observed.whyNot('total')).toBeNull();
    expect(observed.whyNot('fifo')).toBe('no peer delivered two messages of one sender');
    expect(observed.whyNot('causal')).toMatch(/^no peer delivered two messages of which/);
  });

  test('a cause where a sender had delivered a message before its own', () => {
    const log = [
      [0, 0],
      [1, 0],
    ] as const;
    const observed = new ObservedRun(membersOf(log, log));
    expect(observed.whyNot('causal')).toBeNull();
    expect(observed.whyNot('fifo')).not.toBeNull();
  });
});

test('what several guarantees need is looked for once', () => {
  let looks = 0;
  const members = membersOf([[1, 0]], [[1, 0]]).map(({ sequence }) => ({
    get sequence() {
      looks += 1;
      return sequence;
    },
  }));
  const observed = new ObservedRun(members as unknown as MemberResult[]);
  observed.whyNot('total');
  const looksOfOne = looks;
  for (const name of GUARANTEE_NAMES.filter((each) => each !== 'fifo' && each !== 'causal')) {
    observed.whyNot(name);
  }
  expect(looks).toBe(looksOfOne);
  observed.whyNot('fifo');
  const looksOfTwo = looks;
  observed.whyNot('fifo');
  expect(looks).toBe(looksOfTwo);
});

import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import {
  type Appearance,
  CRASH,
  FIRE,
  MemberState,
  type MemberStep,
  MULTICAST,
  type Sent,
} from '../../../simulation/choices/states/member-state.ts';
import { SeenSum } from '../../../simulation/exhaustive/seen-sum.ts';

/** A state after another one, in whose last step packets were sent to these members. */
function after(before: MemberState | null, step: MemberStep | null, ...to: number[]): MemberState {
  const appearance: Appearance = {
    sends: to.map((member) => ({ to: member }) as Sent),
    deliveries: [],
    running: step !== CRASH,
    crashed: step === CRASH,
    mayMulticast: false,
    multicasts: 0,
    hasDeadline: false,
    clockUs: 0,
    isOverdue: false,
  };
  return new MemberState(before, step, -1, 0, appearance);
}

test('the sum has the most packets on each path and in each step of any schedule, without crashes', () => {
  const sum = new SeenSum(3);
  expect(sum.value).toEqual({ sent: [0, 0, 0, 0, 0, 0, 0, 0, 0], sends: [[], [], []] });
  const root = after(null, null, 2);
  const multicast = after(root, MULTICAST, 0, 2);
  sum.add(1, after(multicast, FIRE, 0));
  sum.add(1, after(after(multicast, FIRE, 2, 2, 2), CRASH));
  sum.add(1, after(root, FIRE));
  sum.add(0, after(null, null, 1));
  expect(sum.value).toEqual({
    sent: [0, 1, 0, 2, 0, 5, 0, 0, 0],
    sends: [[], [2, 3], []],
  });
});

test('what was taken in long ago is not held on to', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const sum = new SeenSum(2);
  const first = new WeakRef(after(null, null));
  sum.add(0, first.deref()!);
  for (let schedule = 0; schedule < 20_000; schedule += 1) sum.add(0, after(null, null, 1));
  // A reference that was looked at holds on to its object until the event loop turns.
  await setImmediate();
  collectGarbage();
  expect(first.deref()).toBeUndefined();
});

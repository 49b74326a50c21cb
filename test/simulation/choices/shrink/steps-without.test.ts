import { expect, test } from '@jest/globals';
import { formatChoice, parseChoice } from '../../../../simulation/choices/choice.ts';
import type { LooseStep } from '../../../../simulation/choices/shrink/loose-replay.ts';
import {
  stepsWithoutBursts,
  stepsWithoutMember,
  stepsWithoutMessage,
} from '../../../../simulation/choices/shrink/steps-without.ts';

const stepOf = (choice: string, says = ''): LooseStep => ({ choice: parseChoice(choice), says });
const choicesIn = (steps: readonly LooseStep[]): string[] =>
  steps.map(({ choice }) => formatChoice(choice));

const STEPS: readonly LooseStep[] = [
  stepOf('multicast 0*3 @7'),
  stepOf('multicast 2'),
  stepOf('deliver 0>1#0', '0>1 data 0 1'),
  stepOf('deliver 2>1#0', '2>1 data 2 0'),
  stepOf('multicast 0'),
];

test('a burst without one of its messages is a smaller one, and later messages move up', () => {
  expect(choicesIn(stepsWithoutMessage(STEPS, 1))).toEqual([
    'multicast 0*2 @7',
    'multicast 2',
    'deliver 2>1#0',
    'multicast 0',
  ]);
  const withoutFirst = stepsWithoutMessage(STEPS, 0);
  expect(choicesIn(withoutFirst)).toEqual(['multicast 0*2 @7', 'deliver 0>1#0', 'multicast 0']);
  expect(withoutFirst[1]!.says).toBe('0>1 data 0 0');
  const withoutTwo = stepsWithoutMessage(withoutFirst, 0);
  expect(withoutTwo[0]!.choice).toEqual({ act: 'multicast', member: 0, atUs: 7 });
  expect(choicesIn(stepsWithoutMessage(STEPS, 3))).toEqual(choicesIn(STEPS.slice(0, -1)));
});

test('a burst becomes as many steps as it has messages, at the same time', () => {
  expect(choicesIn(stepsWithoutBursts(STEPS)).slice(0, 4)).toEqual([
    'multicast 0 @7',
    'multicast 0 @7',
    'multicast 0 @7',
    'multicast 2',
  ]);
});

test('a member that is gone takes its bursts along, and those of later ones have its number', () => {
  const steps = [stepOf('multicast 0*2'), stepOf('multicast 1*3')];
  expect(choicesIn(stepsWithoutMember(steps, 0))).toEqual(['multicast 0*3']);
});

import { expect, test } from '@jest/globals';
import type { Create } from '../../../core/ordering.ts';
import { judgeLiveness } from '../../../simulation/check/liveness.ts';
import { simulate } from '../../../simulation/simulate.ts';
import { create as deliversItsOwn } from '../../gallery/delivers-its-own.ts';
import { create as deliversNothing } from '../../gallery/delivers-nothing.ts';
import { scenarioWith } from '../scenarios.ts';

const textOf = (create: Create, peers: number): string | undefined => {
  const scenario = scenarioWith({ peers, messages: 1 });
  return judgeLiveness(scenario, simulate(create, scenario))[0]?.text;
};

test('the finding names who lacks the message, in a sentence', () => {
  expect(textOf(deliversNothing, 2)).toMatch(/, no member that lives had delivered it$/);
  expect(textOf(deliversItsOwn, 2)).toMatch(/, peer 1 had not delivered it$/);
  expect(textOf(deliversItsOwn, 3)).toMatch(/, peer 1 and peer 2 had not delivered it$/);
});

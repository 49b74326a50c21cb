import { expect, test } from '@jest/globals';
import { describePace } from '../../../control/comparison/describe-pace.ts';

test.each([
  ['a tenth and more', { plannedMs: 2_000, behindMs: 300 }, 1],
  ['a little', { plannedMs: 2_000, behindMs: 190 }, 0],
  ['a tenth of a short plan', { plannedMs: 500, behindMs: 60 }, 0],
  ['what was not planned', { plannedMs: 0, behindMs: 900 }, 0],
  ['what an older report does not tell', undefined, 0],
])('of a member that is behind by %s', (_, pace, findings) => {
  expect(describePace(pace, 'peer 1')).toHaveLength(findings);
});

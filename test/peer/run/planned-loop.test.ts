import { expect, test } from '@jest/globals';
import { PlannedLoop } from '../../../peer/run/flow/planned-loop.ts';

test('an open loop goes on whatever waits, up to a bound, and on again when some is delivered', () => {
  const loop = new PlannedLoop();
  expect(loop.room(10_000, 0)).toBeGreaterThan(0);
  expect(loop.room(16_384, 0)).toBe(0);
  expect(loop.room(20_000, 0)).toBe(0);
  expect(loop.room(20_000, 4_000)).toBe(384);
});

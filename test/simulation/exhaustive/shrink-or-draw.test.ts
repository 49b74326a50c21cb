import { expect, test } from '@jest/globals';
import { shrinkChoices } from '../../../simulation/choices/shrink/shrink-choices.ts';
import { drawBroken } from '../../../simulation/exhaustive/draw-broken.ts';
import { setupOf } from '../../../simulation/exhaustive/scope.ts';
import { shrinkOrDraw } from '../../../simulation/exhaustive/shrink-or-draw.ts';
import { loadBroken, scopeOfSize } from './load-broken.ts';

/** Too little for a long schedule, and enough for one of three messages. */
const LIMITS = { stepsMax: 400, searchStepsMax: 400 };

test('what stays long when steps are left out gives way to a schedule of a small scope', async () => {
  const entry = await loadBroken('skeen-clock-not-raised');
  const scope = scopeOfSize(entry, 3, 3, { timers: 1 });
  const { broken } = drawBroken(entry, scope, 1, 100);
  const long = shrinkChoices(entry, setupOf(scope), broken!, 'total', LIMITS)!;
  expect(long.tried).toBe('some');
  const { choices, setup, finding } = shrinkOrDraw(
    entry,
    setupOf(scope),
    broken!,
    'total',
    LIMITS,
  )!;
  expect(choices.length).toBeLessThan(long.choices.length);
  expect([setup.messages, finding.name]).toEqual([1, 'total']);
});

test('what is known to be the shortest stays, and what does not break it is none', async () => {
  const entry = await loadBroken('any-acknowledged');
  const scope = scopeOfSize(entry, 2, 1);
  const { broken } = drawBroken(entry, scope, 1, 100);
  const limits = { stepsMax: 10_000, searchStepsMax: 10_000 };
  const shrunk = shrinkOrDraw(entry, setupOf(scope), broken!, 'total', limits)!;
  expect([shrunk.choices.length, shrunk.tried]).toEqual([6, 'deadlinesLate']);
  expect(shrinkOrDraw(entry, setupOf(scope), broken!, 'integrity', limits)).toBeNull();
});

import { expect, test } from '@jest/globals';
import { deeperScopes, drawnBeyond } from '../../../simulation/exhaustive/beyond-scopes.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';

const SIZE = { messages: 1, channels: 'reliable', losses: 0, crashes: 1, timers: 1 } as const;
const TWO: Scope = { ...SIZE, peers: 2 };
const THREE: Scope = { ...SIZE, peers: 3 };

function boundsOfAll(scopes: readonly Scope[]): string[] {
  return scopes.map(({ peers, timers, lates }) => `${peers}: ${timers} timers, ${lates} late`);
}

test('wider scopes come with few more timers first, and with more of them only where some were left', () => {
  const searched = [
    { scope: TWO, tally: { withTimersLeft: 0 } },
    { scope: THREE, tally: { withTimersLeft: 5 } },
  ];
  const deeper = deeperScopes(searched);
  expect(boundsOfAll(deeper)).toEqual([
    '2: 1 timers, 1 late',
    '3: 1 timers, 1 late',
    '3: 2 timers, 0 late',
    '3: 2 timers, 1 late',
    '3: 3 timers, 0 late',
    '3: 4 timers, 0 late',
    '3: 4 timers, 1 late',
  ]);
  // What may go wrong in them stays the same.
  expect(deeper.every(({ crashes, channels }) => crashes === 1 && channels === 'reliable')).toBe(
    true,
  );
});

test('schedules that are drawn have no fewer timers and late steps than the scope', () => {
  expect(drawnBeyond(TWO)).toEqual({ ...TWO, timers: 10, lates: 1 });
  const wide = { ...TWO, timers: 20, lates: 3 };
  expect(drawnBeyond(wide)).toEqual(wide);
});

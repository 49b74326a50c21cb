import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { loadOrdering } from '../../../custom/load-ordering.ts';
import { drawnBeyond } from '../../../simulation/exhaustive/beyond-scopes.ts';
import { drawBroken } from '../../../simulation/exhaustive/draw-broken.ts';
import { widerScopes } from '../../../simulation/exhaustive/wider-scopes.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';

const ASKED: Scope = {
  ...{ peers: 3, messages: 1, channels: 'reliable', timers: 1, losses: 0, crashes: 0 },
};
const ALL = new Set(['messages', 'losses', 'crashes'] as const);

test.each([
  ['survives a minority', { survives: 'minority', retransmits: true }, ASKED, ['0 1 1', '0 1 6']],
  ['survives none', { survives: 'none', retransmits: true }, ASKED, ['0 0 6']],
  [
    'sends again what datagrams lose',
    { survives: 'none', retransmits: true },
    { ...ASKED, channels: 'datagrams' },
    ['6 0 1', '6 0 6'],
  ],
  [
    'has two peers, of which none is a minority',
    { survives: 'minority', retransmits: false },
    { ...ASKED, peers: 2 },
    ['0 0 6'],
  ],
] as const)('an ordering that %s: losses, crashes, messages', (_name, entry, asked, scopes) => {
  const wider = widerScopes(entry, asked, ALL);
  expect(wider.map(({ losses, crashes, messages }) => `${losses} ${crashes} ${messages}`)).toEqual(
    scopes,
  );
  expect(
    wider.every(({ peers, channels }) => peers === asked.peers && channels === asked.channels),
  ).toBe(true);
});

test('what was asked for stays as it is', () => {
  const entry = { survives: 'minority', retransmits: true } as const;
  expect(widerScopes(entry, { ...ASKED, crashes: 0 }, new Set())).toEqual([]);
  expect(widerScopes(entry, ASKED, new Set(['crashes']))).toEqual([{ ...ASKED, crashes: 1 }]);
  expect(widerScopes(entry, { ...ASKED, messages: 2 }, new Set(['losses']))).toEqual([]);
});

test('what breaks only when somebody crashes is found without being asked for', async () => {
  const file = join(import.meta.dirname, '../../gallery/relays-to-the-next.ts');
  const entry = await loadOrdering(file, { members: 3 });
  const broken = (scope: Scope): boolean => drawBroken(entry, scope, 1, 200).broken !== null;
  expect(broken(drawnBeyond(ASKED))).toBe(false);
  expect(broken(drawnBeyond(widerScopes(entry, ASKED, ALL)[0]!))).toBe(true);
});

import { expect, test } from '@jest/globals';
import { widerScopes } from '../../../cli/check/exhaustive/wider-scopes.ts';
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

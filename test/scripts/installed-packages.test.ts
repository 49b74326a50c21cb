import { expect, test } from '@jest/globals';
import { areSame, isInstalled } from '../../scripts/deployment/installed-packages.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const LOCKED = {
  '': {},
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b': { version: '2.0.0', optional: true },
};
const [a, b] = [
  { 'node_modules/a': { version: '1.0.0' } },
  { 'node_modules/b': { version: '2.0.0' } },
];

test.each([
  ['all of them', { ...a, ...b }, true],
  ['all but one for another platform', a, true],
  ['one of an older lockfile', { ...b, 'node_modules/a': { version: '0.9.0' } }, false],
  ['one too few', b, false],
  ['one too many', { ...a, ...b, 'node_modules/c': { version: '1.0.0' } }, false],
])('%s are, or are not, what the lockfile says', (_name, installed, expected) => {
  expect(areSame(LOCKED, installed)).toBe(expected);
});

const empty = temporaryDirectory();

test('a folder without packages has them to be installed', () => {
  expect(isInstalled(empty)).toBe(false);
});

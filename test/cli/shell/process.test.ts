import { spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PATIENCE_MS } from '../../support/patience.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LAUNCHER = join(ROOT, 'cli/mpcomm.js');
const HAS_FULL = existsSync('/dev/full');

function mpcomm(words: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', stdout, 'pipe'];
  const options = { stdio, timeout: PATIENCE_MS, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [LAUNCHER, ...words], options);
}

test('--version is the version of package.json', () => {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  expect(mpcomm(['--version'])).toMatchObject({ status: 0, stdout: `mpcomm ${version}\n` });
});

(HAS_FULL ? test : test.skip).each([
  [['orderings']],
  [['simulate', '--peers', '3', '--messages', '5', '--json']],
])('a full standard output of %j is status 2 and one line', (words) => {
  const { status, stderr } = mpcomm(words, openSync('/dev/full', 'w'));
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: 'mpcomm: standard output cannot be written: no space left on device\n',
  });
});

import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const LAUNCHER = fileURLToPath(new URL('../../cli/mpcomm.js', import.meta.url));

const state = temporaryDirectory();

test('the demonstration shows the disorder, its picture, and the cure', async () => {
  const words = [LAUNCHER, 'demo', '--state', state, '--seed', '7'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words);
  expect(stdout).toMatch(/^\d+ of 200 rounds unordered/m);
  expect(stdout).toMatch(/rounds unordered +\d+ of 200 +0 of 200/);
  const kept = join(state, 'comparisons');
  const pictures = (await readdir(kept)).filter((name) => name.endsWith('.svg'));
  expect(pictures).toHaveLength(1);
  expect(stderr).toContain(pictures[0]);
  expect(await readFile(join(kept, pictures[0]!), 'utf8')).toMatch(
    /<title>Peer \d delivered \(\d+,\d+\) before/,
  );
});

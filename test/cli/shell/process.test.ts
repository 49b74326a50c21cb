import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LAUNCHER = join(ROOT, 'cli/mpcomm.js');
const folder = temporaryDirectory();
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

const BROKEN = ['--ordering', join(ROOT, 'examples/broken/any-acknowledged.ts')];

/** Runs `mpcomm` with both of its outputs in pipes that nobody reads; gives how it ended. */
async function unread(words: readonly string[], input?: string): Promise<number | null> {
  const child = spawn(process.execPath, [LAUNCHER, ...words]);
  child.stdout.destroy();
  child.stderr.destroy();
  if (input !== undefined) child.stdin.end(input);
  const [status] = (await once(child, 'exit')) as [number | null];
  return status;
}

describe('where nobody reads on, as behind "head",', () => {
  test('a command goes on to its own status', async () => {
    const size = ['--peers', '4', '--messages', '20'];
    expect(await unread(['simulate', ...BROKEN, ...size])).toBe(1);
    expect(await unread(['orderings'])).toBe(0);
  });

  test('a picture is whole, and so is the counterexample that check found', async () => {
    const picture = join(folder, 'run.svg');
    writeFileSync(picture, 'an earlier picture');
    const simulate = ['simulate', '--peers', '3', '--messages', '5', '--svg', picture];
    expect(await unread(simulate)).toBe(0);
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg[^]*<\/svg>\s*$/);

    const kept = join(folder, 'kept.json');
    const check = ['check', ...BROKEN, '--seeds', '300', '--save', kept, '--state', folder];
    expect(await unread(check)).toBe(1);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toHaveProperty('seed');
  });

  test('what comes from a pipe is obeyed to its end', async () => {
    const kept = join(folder, 'game.json');
    expect(await unread(['play', 'lamport'], `help\nmulticast 0\nsave ${kept}\n`)).toBe(0);
    expect(existsSync(kept)).toBe(true);
  });

  test('check --watch, which would go on for ever, ends at the next save', async () => {
    const own = join(folder, 'own.js');
    writeFileSync(own, '');
    const words = ['check', own, '--watch', '--seeds', '1', '--state', folder];
    const child = spawn(process.execPath, [LAUNCHER, ...words]);
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = once(child, 'exit');
    await eventually('the first check', () => text !== '');
    child.stdout.destroy();
    child.stderr.destroy();
    writeFileSync(own, '// saved');
    // 128 and the number of SIGPIPE, as of any program that ends without a reader.
    expect(await ended).toEqual([141, null]);
  });
});

import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { checkCommand } from '../../../cli/check/check-command.ts';
import type { CheckCommandOptions } from '../../../cli/check/check-options.ts';
import { eventually } from '../../support/eventually.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const directory = temporaryDirectory();
const OWN = join(directory, 'own.js');

/** Writes an example as the file under test: without types, which would be checked each time. */
function javascriptOf(path: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll(
    /'(\.[^']+)'/g,
    (_, relative: string) => `'${join(ROOT, dirname(path), relative)}'`,
  );
  writeFileSync(OWN, stripTypeScriptTypes(text));
  return OWN;
}

async function check(ordering: string, more: Partial<CheckCommandOptions> = {}) {
  const { context, data, notes } = recordedContext();
  const asked = {
    ordering,
    seeds: 3,
    from: 0,
    faults: ['all'],
    workers: 1,
    state: directory,
  } as const;
  const status = await checkCommand(context, { ...asked, ...more });
  return { status, text: data.join('\n'), notes: notes.join('\n') };
}

describe('what broke a file before', () => {
  test('is replayed first, told when it passes, kept, and dropped when that is asked for', async () => {
    const first = await check(javascriptOf('examples/broken/head-without-acknowledgements.ts'));
    expect(first.status).toBe(1);
    expect(first.notes).not.toContain('Replaying');
    const again = await check(OWN);
    expect(again.status).toBe(1);
    expect(again.notes).toMatch(/^Replaying 1 counterexample of earlier checks first/);
    expect(again.text).toMatch(/breaks total[^]*in the counterexample of an earlier check/);
    expect(again.text).toContain('In 4 steps of 2 peers x 1 message');
    const chosen = await check(OWN, { peers: 3 });
    expect(chosen.notes).not.toContain('Replaying');

    // The file is written anew, without its fault.
    const passed = await check(javascriptOf('examples/my-ordering.ts'));
    expect(passed.status).toBe(0);
    expect(passed.notes).toContain('What broke it before passes now: 1 counterexample.');
    const forgotten = await check(OWN, { forget: true });
    expect(forgotten.notes).toContain('Forgotten: 1 counterexample of earlier checks.');
    expect(forgotten.notes).not.toContain('Replaying');
  });
});

test('check --watch begins again when the file is saved, and needs a file', async () => {
  const file = join(ROOT, 'examples/broken/any-acknowledged.ts');
  const own = join(directory, 'watched.ts');
  copyFileSync(file, own);
  writeFileSync(
    own,
    readFileSync(own, 'utf8')
      .replaceAll("'../../core/", `'${ROOT}core/`)
      .replaceAll("'./lamport", `'${ROOT}examples/broken/lamport`),
  );
  const words = ['check', own, '--watch', '--seeds', '5', '--state', directory, '--workers', '1'];
  const child = spawn(process.execPath, [join(ROOT, 'cli/mpcomm.js'), ...words]);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  try {
    await eventually('the first check', () => text.includes('Broken: total'));
    writeFileSync(own, `${readFileSync(own, 'utf8')}\n`);
    await eventually('the second check', () =>
      /was saved; checking it again[^]*Broken: total/.test(text),
    );
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  }
  const none = spawn(process.execPath, [join(ROOT, 'cli/mpcomm.js'), 'check', 'fifo', '--watch']);
  let complaint = '';
  none.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  expect(await new Promise((resolve) => none.once('close', resolve))).toBe(2);
  expect(complaint).toContain('--watch needs the file of an ordering');
});

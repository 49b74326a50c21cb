import { describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kind, Message } from '../../core/message.ts';
import { openExecOrdering } from '../../custom/exec-ordering.ts';
import { eventually } from '../support/eventually.ts';
import { programThat } from '../support/exec-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const ROOT = join(import.meta.dirname, '../..');

/** Sends its own process id and that of a child that it never ends. */
function spawningProgram(): string {
  return programThat(
    directory,
    `const child = require('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' });
     reply({ effects: [{ send: { to: 1, message: { pids: [process.pid, child.pid] } } }] });`,
  );
}

function pidsIn(text: string): number[] {
  return (JSON.parse(text) as { pids: number[] }).pids;
}

/** Whether a process runs: one that ended and that nobody asks after is a zombie. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}

function run(...words: string[]): ChildProcess {
  return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('no process is left behind', () => {
  test('by close', async () => {
    const ordering = openExecOrdering({ command: spawningProgram(), channels: 'raw' });
    let sent = '';
    const group = { self: 0, size: 2, random: () => 0 };
    const member = ordering.entry.create(group, {
      multicast: () => undefined,
      send: (_to, message) => (sent = Buffer.from(message.payload).toString()),
      deliver: () => undefined,
    });
    member.multicast(1, new Message(Kind.data, 0, 0));
    const pids = pidsIn(sent);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await ordering.close();
    await eventually('both are gone', () => !pids.some(isAlive));
  });

  test('by an owner that could not make its pipes: it says so, and leaves nothing behind', async () => {
    const temporary = join(directory, 'temporary');
    mkdirSync(temporary);
    const module = pathToFileURL(join(ROOT, 'custom/exec-ordering.ts')).href;
    const program = `
      import { openExecOrdering } from ${JSON.stringify(module)};
      try {
        openExecOrdering({ command: 'true' });
      } catch ({ name, message }) {
        console.log(name + ': ' + message);
      }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { PATH: '/nowhere', TMPDIR: temporary },
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^ExecError: .* could not be started: no pipes to it .*mkfifo/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('by the sudden death of the owner', async () => {
    const owner = run(join(ROOT, 'test/support/exec-owner.ts'), spawningProgram());
    const [bytes] = (await once(owner.stdout!, 'data')) as [Buffer];
    const pids = pidsIn(bytes.toString());
    expect(pids.map(isAlive)).toEqual([true, true]);
    owner.kill('SIGKILL');
    await eventually('both are gone', () => !pids.some(isAlive));
  });

  test.each(['simulate', 'check'])('by Ctrl-C while %s waits for an answer', async (command) => {
    const file = join(directory, `${command}.pid`);
    const stuck = programThat(
      directory,
      `fs.writeFileSync(${JSON.stringify(file)}, String(process.pid) + '.');
       for (;;);`,
    );
    const owner = run(join(ROOT, 'cli/main.ts'), command, '--exec', stuck);
    const ended = once(owner, 'exit');
    const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    await eventually('it is asked', () => read().endsWith('.'));
    const pid = parseInt(read(), 10);
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGINT');
    const [status, signal] = (await ended) as [number | null, string | null];
    expect(signal ?? status).toBe(command === 'simulate' ? 'SIGINT' : 130);
    await eventually('it is gone', () => !isAlive(pid));
  });
});

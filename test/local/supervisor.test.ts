import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { processExists } from '../../local/process-identity.ts';
import { logTail, startProcess, type ProcessSpecification } from '../../local/processes.ts';
import { RESTART_DEFAULT, Supervisor } from '../../local/supervisor.ts';

const FAST = { ...RESTART_DEFAULT, restartsMax: 2, delayMs: 10 };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function program(source: string): Promise<ProcessSpecification> {
  const script = join(folder, 'program.mjs');
  await writeFile(script, source);
  return { name: 'program', script, environment: {}, logFile: join(folder, 'program.log') };
}

describe('a process', () => {
  test('gets its own settings and none of this shell, and its output goes to its log', async () => {
    process.env['MPCOMM_LEFT_OVER'] = 'from the shell';
    const specification = await program(
      'console.log(process.env.MPCOMM_LEFT_OVER, process.env.MPCOMM_MINE); process.exit(3)',
    );
    const child = await startProcess({ ...specification, environment: { MPCOMM_MINE: 'mine' } });
    expect(await child.ended).toEqual({ status: 3, signal: null });
    delete process.env['MPCOMM_LEFT_OVER'];
    expect(logTail(specification.logFile)).toBe('  undefined mine');
  });

  test('that ignores SIGTERM is killed after its grace', async () => {
    const specification = await program(
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')",
    );
    const lines: string[] = [];
    const child = await startProcess({ ...specification, onLine: (line) => lines.push(line) });
    while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await child.stop(100)).toEqual({ status: null, signal: 'SIGKILL' });
    expect(processExists(child.pid)).toBe(false);
  });

  test('is loaded when it says so, and at the latest when it has ended', async () => {
    const talkative = await program("process.send('loaded'); setInterval(() => {}, 1000)");
    const child = await startProcess(talkative);
    await child.loaded;
    expect(child.hasEnded()).toBe(false);
    await child.stop(1_000);
    const silent = await startProcess(await program("process.send('something else')"));
    await silent.loaded;
    expect(silent.hasEnded()).toBe(true);
  });
});

describe('a supervisor', () => {
  test('starts a failing process again, so often and no more', async () => {
    const count = join(folder, 'starts');
    const specification = await program(
      `import { appendFileSync } from 'node:fs';
       appendFileSync(${JSON.stringify(count)}, 'x'); process.exit(1)`,
    );
    const notes: string[] = [];
    const supervisor = await Supervisor.start(
      () => specification,
      FAST,
      (note) => notes.push(note),
    );
    expect(await supervisor.down).toMatchObject({ expected: false, end: { status: 1 } });
    expect(await readFile(count, 'utf8')).toBe('xxx');
    expect(notes).toHaveLength(3);
    expect(notes[2]).toContain('program ended with status 1 and stays down');
  });

  test('leaves an end with status 0 alone, unless the process may not end', async () => {
    const specification = await program('process.exit(0)');
    const obedient = await Supervisor.start(
      () => specification,
      FAST,
      () => undefined,
    );
    expect(await obedient.down).toMatchObject({ expected: true });
    const forever = { ...FAST, mayEnd: false };
    const stubborn = await Supervisor.start(
      () => specification,
      forever,
      () => undefined,
    );
    expect(await stubborn.down).toMatchObject({ expected: false, end: { status: 0 } });
  });

  test('stops a process that it has started again, and leaves none behind', async () => {
    const specification = await program('setInterval(() => {}, 1000)');
    const supervisor = await Supervisor.start(
      () => specification,
      FAST,
      () => undefined,
    );
    const first = supervisor.current;
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    while (supervisor.current === first) await new Promise((resolve) => setTimeout(resolve, 10));
    const second = supervisor.current.pid;
    await supervisor.stop(1_000);
    expect(await supervisor.down).toMatchObject({ expected: true });
    expect(processExists(second)).toBe(false);
  });

  test('can be stopped while it waits to start the process again', async () => {
    const specification = await program('process.exit(1)');
    const slow = { ...FAST, delayMs: 600_000 };
    const supervisor = await Supervisor.start(
      () => specification,
      slow,
      () => undefined,
    );
    await supervisor.current.ended;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await supervisor.stop(1_000);
    expect(await supervisor.down).toMatchObject({ expected: true });
  });

  test('asks again before the start, and starts nothing that is not wanted any more', async () => {
    const count = join(folder, 'starts');
    const specification = await program(
      `import { appendFileSync } from 'node:fs';
       appendFileSync(${JSON.stringify(count)}, 'x'); process.exit(1)`,
    );
    const answers = [true, false];
    const supervisor = await Supervisor.start(
      () => specification,
      { ...FAST, restart: () => answers.shift() ?? false },
      () => undefined,
    );
    expect(await supervisor.down).toMatchObject({ expected: false });
    expect(answers).toEqual([]);
    expect(await readFile(count, 'utf8')).toBe('x');
  });
});

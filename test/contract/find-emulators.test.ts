import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { findEmulators, startEmulators } from '../../local/emulators.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();

describe('findEmulators', () => {
  test('says that there is no Java', async () => {
    const environment = { PATH: makeDirectory('nothing'), CLOUDSDK_ROOT_DIR: directory };
    const { installation, reason } = await findEmulators(environment);
    expect([installation, reason]).toEqual([undefined, 'There is no working Java on the PATH.']);
  });

  test('says that there is no gcloud', async () => {
    const { reason } = await findEmulators({ PATH: pathWith('only-java', 'java') });
    expect(reason).toMatch(/no working gcloud/);
  });

  test('says which component is missing, and finds what is there by asking gcloud', async () => {
    const root = makeDirectory('sdk');
    const path = pathWith('tools', 'java');
    writeTool(path, 'gcloud', `echo ${root}`);
    const find = async () => findEmulators({ PATH: path });
    expect((await find()).reason).toMatch(/gcloud components install pubsub-emulator/);
    const pubsubJar = writeFile(
      `sdk/platform/pubsub-emulator/lib`,
      'cloud-pubsub-emulator-1-all.jar',
    );
    expect((await find()).reason).toMatch(/install cloud-firestore-emulator/);
    const firestoreJar = writeFile(
      'sdk/platform/cloud-firestore-emulator',
      'cloud-firestore-emulator.jar',
    );
    const installation = { java: 'java', pubsubJar, firestoreJar };
    expect(await find()).toEqual({ installation, reason: undefined });
    expect(await findEmulators({ PATH: path, CLOUDSDK_ROOT_DIR: root })).toEqual(await find());
  });
});

describe('startEmulators', () => {
  test('fails at once, with the log, when an emulator ends', async () => {
    const path = pathWith('broken', 'java');
    writeTool(path, 'java', 'echo "no such port" >&2; exit 3');
    const java = join(path, 'java');
    const started = startEmulators({ java, pubsubJar: 'p.jar', firestoreJar: 'f.jar' });
    await expect(started).rejects.toThrow(/emulator ended\. Its log:\nno such port/);
  });

  test('tries other ports where somebody else was quicker, three times at most', async () => {
    const path = pathWith('beaten', 'java');
    const ports = join(directory, 'ports-tried');
    const told = 'echo "java.net.BindException: Address already in use" >&2';
    writeTool(
      path,
      'java',
      `echo "$@" | grep -o 'port=[0-9]*' >> ${ports}; ${told}; exec sleep 300`,
    );
    const java = join(path, 'java');
    const started = startEmulators({ java, pubsubJar: 'p.jar', firestoreJar: 'f.jar' });
    await expect(started).rejects.toThrow(/The port of the .* emulator is taken/);
    const tried = readFileSync(ports, 'utf8').trim().split('\n');
    // One of the two may be ended before it wrote its own.
    expect(tried.length).toBeGreaterThanOrEqual(3);
    expect(new Set(tried).size).toBe(tried.length);
  });

  test('ends them once it is told that nobody wants them any more', async () => {
    const path = pathWith('silent', 'java');
    const pids = join(directory, 'silent-pids');
    writeTool(path, 'java', `echo $$ >> ${pids}; exec sleep 300`);
    const interruption = new AbortController();
    const { signal } = interruption;
    const java = join(path, 'java');
    const started = startEmulators({ java, pubsubJar: 'p', firestoreJar: 'f' }, { signal });
    const refused = expect(started).rejects.toThrow('Ctrl-C');
    await eventually('both have started', () => readLines(pids).length === 2);
    interruption.abort(new Error('Ctrl-C'));
    await refused;
    await eventually('both have ended', () => !readLines(pids).map(Number).some(isRunning));
  });

  test('leaves nothing behind when its process is killed', async () => {
    const path = pathWith('endless', 'java');
    const pids = join(directory, 'pids');
    writeTool(path, 'java', `echo $$ >> ${pids}; exec sleep 300`);
    const module = fileURLToPath(new URL('../../local/emulators.ts', import.meta.url));
    const java = join(path, 'java');
    const program = `
      import { startEmulators } from ${JSON.stringify(module)};
      await startEmulators({ java: ${JSON.stringify(java)}, pubsubJar: 'p', firestoreJar: 'f' });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const started = () => readLines(pids).length === 2;
    await eventually('both have started', started);
    child.kill('SIGKILL');
    await once(child, 'close');
    const numbers = readLines(pids).map(Number);
    await eventually('both have ended', () => !numbers.some(isRunning));
  });
});

function makeDirectory(name: string): string {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function writeFile(folder: string, name: string): string {
  const path = join(makeDirectory(folder), name);
  writeFileSync(path, '');
  return path;
}

/** A directory with a tool that succeeds. */
function pathWith(name: string, tool: string): string {
  const path = makeDirectory(name);
  writeTool(path, tool, 'exit 0');
  return path;
}

function writeTool(path: string, tool: string, script: string): void {
  const file = join(path, tool);
  writeFileSync(file, `#!/bin/sh\nPATH=${process.env['PATH']}\n${script}\n`);
  chmodSync(file, 0o700);
}

function readLines(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').trim().split('\n');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  claimLaboratory,
  findLaboratory,
  LaboratoryIsUpError,
  releaseLaboratory,
  updateLaboratory,
  type LaboratoryRecord,
} from '../../local/laboratory-file.ts';
import { processStart } from '../../local/process-identity.ts';
import {
  readIfPresent,
  stateDirectoryAt,
  type StateDirectory,
} from '../../local/state-directory.ts';
import { readingReason } from '../../local/state/file-error.ts';
import { eventually } from '../support/eventually.ts';

let directory: StateDirectory;
/** Nothing answers there, as of a laboratory whose functions are just restarting. */
const url = 'http://127.0.0.1:9';

beforeEach(async () => {
  directory = stateDirectoryAt(await mkdtemp(join(tmpdir(), 'mpcomm-')));
});

afterEach(() => rm(directory.path, { recursive: true }));

function record(changes: Partial<LaboratoryRecord>): LaboratoryRecord {
  return {
    pid: process.pid,
    processStart: null,
    startedAtMs: Date.now(),
    backend: 'embedded',
    url,
    environment: {},
    peers: [{ peerId: 'peer-0', zone: 'us-west1-b' }],
    loss: 0,
    ...changes,
  };
}

async function deadProcessId(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}

describe('a record that cannot be read', () => {
  test('is told with the reason, and how another directory is chosen', async () => {
    await mkdir(directory.laboratoryFile);
    const reason = `${directory.laboratoryFile}: it is a directory; name another folder with --state`;
    await expect(findLaboratory(directory)).rejects.toThrow(reason);
  });

  test('as another user’s, is called that', () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    expect(readingReason(denied)).toBe('this user may not read it');
  });
});

describe('laboratory.json', () => {
  test('is found while its process lives, whether its functions answer or not', async () => {
    expect(await findLaboratory(directory)).toBeNull();
    await claimLaboratory(directory, record({ url: null }));
    await updateLaboratory(directory, record({ processStart: await processStart(process.pid) }));
    expect(await findLaboratory(directory)).toMatchObject({ pid: process.pid, url });
    expect(await readIfPresent(directory.laboratoryFile)).not.toBeNull();
  });

  test('of a dead process counts as absent, and can be claimed; only that removes it', async () => {
    await updateLaboratory(directory, record({ pid: await deadProcessId() }));
    expect(await findLaboratory(directory)).toBeNull();
    expect(await readIfPresent(directory.laboratoryFile)).not.toBeNull();
    await claimLaboratory(directory, record({}));
    expect(await findLaboratory(directory)).toMatchObject({ pid: process.pid });
    expect(await readdir(directory.path)).toEqual(['laboratory.json']);
  });

  test('of an id that another process got since is stale: that one started later', async () => {
    const now = await processStart(process.pid);
    expect(now).not.toBeNull();
    const earlier = now!.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
    await updateLaboratory(directory, record({ processStart: earlier }));
    expect(await findLaboratory(directory)).toBeNull();
    await claimLaboratory(directory, record({ processStart: now }));
    expect(await findLaboratory(directory)).toMatchObject({ processStart: now });
  });

  test('of a zombie, of which only the exit status is left, is stale', async () => {
    // The shell replaces itself by a program that never asks for the status of the shell's child.
    const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 20']);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    await updateLaboratory(directory, record({ pid: Number(line.toString()) }));
    await eventually('the child has ended', async () => (await findLaboratory(directory)) === null);
    parent.kill('SIGKILL');
  });

  test('that is no record is stale; one that starts for long is not, while its process lives', async () => {
    await writeFile(directory.laboratoryFile, '{"pid": ');
    expect(await findLaboratory(directory)).toBeNull();
    await claimLaboratory(directory, record({ url: null, startedAtMs: Date.now() - 3_600_000 }));
    expect(await findLaboratory(directory)).toMatchObject({ pid: process.pid });
  });

  test('of a dead process goes to one of many that claim it at once', async () => {
    await updateLaboratory(directory, record({ pid: await deadProcessId() }));
    const claims = await Promise.allSettled(
      Array.from({ length: 8 }, () => claimLaboratory(directory, record({}))),
    );
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(directory.path)).toEqual(['laboratory.json']);
  });

  test('goes to one of two, and the error names the one that has it', async () => {
    const claims = await Promise.allSettled([
      claimLaboratory(directory, record({})),
      claimLaboratory(directory, record({})),
    ]);
    expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const again = claimLaboratory(directory, record({}));
    await expect(again).rejects.toThrow(LaboratoryIsUpError);
    await expect(claimLaboratory(directory, record({}))).rejects.toThrow(
      new RegExp(
        `process ${process.pid}, ${url}, 1 peers, embedded.*is another program, delete .*json$`,
      ),
    );
  });

  test('is released by its own process only', async () => {
    await updateLaboratory(directory, record({ pid: process.ppid }));
    await releaseLaboratory(directory);
    expect(await readIfPresent(directory.laboratoryFile)).not.toBeNull();
    await updateLaboratory(directory, record({}));
    await releaseLaboratory(directory);
    expect(await readIfPresent(directory.laboratoryFile)).toBeNull();
  });
});

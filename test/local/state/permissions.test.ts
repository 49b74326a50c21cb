import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createStateDirectory, stateDirectoryAt } from '../../../local/state-directory.ts';
import {
  closeToOthers,
  exposedFile,
  exposedFolder,
  findExposed,
} from '../../../local/state/permissions.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('a folder', () => {
  const rights = (mode: number, uid = 1_000) => ({ mode: 0o040_000 | mode, uid });

  test.each(['700', '755', '750', '775', '711'])('of mode %s is left alone', (mode) => {
    expect(exposedFolder('state', rights(parseInt(mode, 8)), 1_000)).toBeNull();
  });

  test('into which everybody may write is the user’s to close, or root’s', () => {
    expect(exposedFolder('state', rights(0o777), 1_000)?.mode).toBe(0o755);
    expect(exposedFolder('state', rights(0o703), 1_000)?.mode).toBe(0o701);
    expect(exposedFolder('state', rights(0o777), 0)?.mode).toBe(0o755);
    expect(exposedFolder('state', rights(0o777, 1_001), 1_000)?.mode).toBeNull();
  });

  test('that is everybody’s on purpose, such as /tmp, is changed by nobody', () => {
    expect(exposedFolder('/tmp', rights(0o1777, 0), 0)?.mode).toBeNull();
  });

  test('that is not there is no matter', () => {
    expect(exposedFolder('state', null, 1_000)).toBeNull();
    expect(exposedFile('secret', null)).toBeNull();
  });
});

describe('a state directory', () => {
  test('as it is created has nothing that others may read or change', async () => {
    const directory = stateDirectoryAt(join(folder, 'state'));
    await createStateDirectory(directory);
    await writeFile(directory.stateFile, '', { mode: 0o600 });
    expect(await findExposed(directory)).toEqual([]);
  });

  test('that is open to others is closed, and that is said of each part', async () => {
    const directory = stateDirectoryAt(folder);
    await createStateDirectory(directory);
    await writeFile(directory.stateFile, '');
    for (const [path, mode] of [
      [folder, 0o777],
      [join(folder, 'logs'), 0o777],
      [directory.stateFile, 0o666],
    ] as const) {
      await chmod(path, mode);
    }
    const notes: string[] = [];
    await closeToOthers(directory, (note) => notes.push(note));
    expect(await modeOf(folder)).toBe(0o755);
    expect(await modeOf(join(folder, 'logs'))).toBe(0o755);
    expect(await modeOf(directory.stateFile)).toBe(0o600);
    expect(notes).toEqual([
      `${folder}: every user of this machine may write there (mode 777); that was ended (mode 755)`,
      expect.stringContaining('logs: every user'),
      expect.stringContaining('state.sqlite: it is not readable by its owner alone (mode 666)'),
    ]);
    expect(await findExposed(directory)).toEqual([]);
  });

  test('cannot be a folder that is everybody’s on purpose, and that one stays as it is', async () => {
    const shared = join(folder, 'shared');
    await mkdir(shared);
    await chmod(shared, 0o1777);
    const directory = stateDirectoryAt(shared);
    await expect(closeToOthers(directory, () => undefined)).rejects.toThrow(
      /shared cannot be the state directory: every user .* \(mode 777\); name a folder of its own/,
    );
    expect(await modeOf(shared)).toBe(0o777);
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createStateDirectory,
  readIfPresent,
  readOrCreateSecret,
  stateDirectoryAt,
} from '../../local/state-directory.ts';
import { peerIdsFor, PUBLISHED_ZONES, zonesForPeers } from '../../network/zones.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('the state directory', () => {
  test('naming it creates nothing', async () => {
    stateDirectoryAt(join(folder, 'new'));
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps one secret, readable by its user alone, however many ask for it first', async () => {
    const directory = stateDirectoryAt(join(folder, 'new'));
    await createStateDirectory(directory);
    const secrets = await Promise.all([1, 2, 3].map(() => readOrCreateSecret(directory)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await readOrCreateSecret(directory)).toBe(secrets[0]);
    expect((await stat(join(directory.path, 'secret'))).mode & 0o777).toBe(0o600);
    expect((await readdir(directory.path)).sort()).toEqual(['comparisons', 'logs', 'secret']);
  });

  test('a secret that is none is an error that names the file', async () => {
    await writeFile(join(folder, 'secret'), 'hunter2');
    await expect(readOrCreateSecret(stateDirectoryAt(folder))).rejects.toThrow(
      /secret does not hold the 64 hexadecimal characters/,
    );
  });
});

describe('a state directory that cannot be', () => {
  test('is refused at once, with the place and the reason', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const create = (path: string) => createStateDirectory(stateDirectoryAt(path));
    await expect(create(file)).rejects.toThrow(`${file} cannot be the state directory: `);
    await expect(create(join(file, 'a', 'b'))).rejects.toThrow('is no directory');
    await expect(create(join(folder, 'x'.repeat(300)))).rejects.toThrow('the name is too long');
    expect(() => stateDirectoryAt('')).toThrow('an empty text');
  });

  // A recursive mkdir would never come back from there.
  (existsSync('/proc/self') ? test : test.skip)('also in a file system of no files', async () => {
    const path = '/proc/mpcomm/state';
    await expect(createStateDirectory(stateDirectoryAt(path))).rejects.toThrow(
      `${path} cannot be the state directory: /proc/mpcomm: nothing can be created there`,
    );
  });

  test('to others it is as if it were absent: reading creates nothing and fails nowhere', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await readIfPresent(stateDirectoryAt(file).laboratoryFile)).toBeNull();
  });
});

describe('zones', () => {
  test('come in their order, again from the first', () => {
    expect(zonesForPeers(3, null)).toEqual(PUBLISHED_ZONES.slice(0, 3));
    expect(zonesForPeers(9, null)[8]).toBe(PUBLISHED_ZONES[0]);
    expect(zonesForPeers(3, ['us-west1-b', 'me-west1-a'])).toEqual([
      'us-west1-b',
      'me-west1-a',
      'us-west1-b',
    ]);
    expect(() => zonesForPeers(3, [])).toThrow('at least one zone');
    expect(peerIdsFor(11).at(-1)).toBe('peer-10');
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createStateDirectory,
  readIfPresent,
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

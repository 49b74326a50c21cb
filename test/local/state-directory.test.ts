import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createStateDirectory,
  readOrCreateSecret,
  stateDirectoryAt,
} from '../../local/state-directory.ts';
import { peerIdsFor, PUBLISHED_ZONES, zonesForPeers } from '../../local/zones.ts';

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

import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createStateDirectory, stateDirectoryAt } from '../../../local/state-directory.ts';
import { readOrCreateSecret } from '../../../local/state/secret.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('the secret of a laboratory', () => {
  test('is one, readable by its user alone, however many ask for it first', async () => {
    const directory = stateDirectoryAt(join(folder, 'new'));
    await createStateDirectory(directory);
    const secrets = await Promise.all([1, 2, 3].map(() => readOrCreateSecret(directory)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await readOrCreateSecret(directory)).toBe(secrets[0]);
    expect((await stat(join(directory.path, 'secret'))).mode & 0o777).toBe(0o600);
    expect((await readdir(directory.path)).sort()).toEqual(['comparisons', 'logs', 'secret']);
  });

  test('that is none is an error that names the file', async () => {
    await writeFile(join(folder, 'secret'), 'hunter2');
    await expect(readOrCreateSecret(stateDirectoryAt(folder))).rejects.toThrow(
      /secret does not hold the 64 hexadecimal characters/,
    );
  });

  test.each(['644', '640', '604', '660', '666', '777'])(
    'that others could read (mode %s) is replaced, and that is said',
    async (mode) => {
      const directory = stateDirectoryAt(folder);
      const known = await readOrCreateSecret(directory);
      await chmod(directory.secretFile, parseInt(mode, 8));
      const notes: string[] = [];
      const secret = await readOrCreateSecret(directory, (note) => notes.push(note));
      expect(secret).toMatch(/^[0-9a-f]{64}$/);
      expect(secret).not.toBe(known);
      expect(await readFile(directory.secretFile, 'utf8')).toBe(secret);
      expect((await stat(directory.secretFile)).mode & 0o777).toBe(0o600);
      expect(notes).toEqual([
        expect.stringMatching(/secret: it is not .*; a new secret was drawn/),
      ]);
      expect(await readdir(folder)).toEqual(['secret']);
      expect(await readOrCreateSecret(directory, (note) => notes.push(note))).toBe(secret);
      expect(notes).toHaveLength(1);
    },
  );
});

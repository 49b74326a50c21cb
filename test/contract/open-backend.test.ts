import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openBackend } from '../../backend/open-backend.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const hosts = { PUBSUB_EMULATOR_HOST: '127.0.0.1:1', FIRESTORE_EMULATOR_HOST: '127.0.0.1:2' };

describe('openBackend', () => {
  test('opens the embedded one by default, with its store and its bus in one file', async () => {
    const file = join(directory, 'state.sqlite');
    const backend = await openBackend({ MPCOMM_STATE_FILE: file });
    expect(backend.name).toBe('embedded');
    expect(await backend.store.create('runs/r', {})).toBe(true);
    await backend.bus.publish({ command: 'exit', issuedAtMs: 0, expiresAtMs: 0 });
    await backend.close();
    const again = await openBackend({ MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: file });
    expect(await again.store.read('runs/r')).toBeDefined();
    await again.close();
    await expect(again.store.read('runs/r')).rejects.toThrow(/was closed/);
  });

  test('opens the clients of the others without contacting anybody', async () => {
    const emulated = await openBackend({ MPCOMM_BACKEND: 'emulators', ...hosts });
    expect(emulated.name).toBe('emulators');
    await emulated.close();
    const cloud = await openBackend({ MPCOMM_BACKEND: 'gcp', MPCOMM_PROJECT: 'a-project' });
    expect(cloud.name).toBe('gcp');
    await cloud.close();
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'an unknown backend',
      { MPCOMM_BACKEND: 'aws' },
      /MPCOMM_BACKEND="aws" is embedded, emulators/,
    ],
    ['an empty file', { MPCOMM_STATE_FILE: '' }, /MPCOMM_STATE_FILE="" is the path/],
    ['no project', { MPCOMM_BACKEND: 'gcp' }, /MPCOMM_PROJECT is not set/],
    ['a bad project', { MPCOMM_BACKEND: 'gcp', MPCOMM_PROJECT: 'X' }, /MPCOMM_PROJECT="X" is a/],
    ['no emulators', { MPCOMM_BACKEND: 'emulators' }, /PUBSUB_EMULATOR_HOST is not.*FIRESTORE_EM/],
    [
      'a short topic',
      { MPCOMM_BACKEND: 'emulators', ...hosts, MPCOMM_TOPIC: 'ab' },
      /MPCOMM_TOPIC="ab" is 3 to 255/,
    ],
    [
      'a bad database',
      { MPCOMM_BACKEND: 'emulators', ...hosts, MPCOMM_DATABASE: 'default' + '!' },
      /MPCOMM_DATABASE="default!" is \(default\), or/,
    ],
    [
      'the cloud with an emulator set',
      { MPCOMM_BACKEND: 'gcp', MPCOMM_PROJECT: 'a-project', ...hosts },
      /PUBSUB_EMULATOR_HOST="127.0.0.1:1" is set, but MPCOMM_BACKEND=gcp/,
    ],
  ])('%s is refused by the name of the variable', async (_, environment, reason) => {
    await expect(openBackend(environment)).rejects.toThrow(reason);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openBackend } from '../../backend/open-backend.ts';
import { paths } from '../../control/documents.ts';
import { requestExit } from '../../control/runs/request-exit.ts';
import { eventually } from '../support/eventually.ts';
import { postJson } from '../support/functions-client.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A file of Linux that is always full (full(4)). */
const FULL = '/dev/full';
const directory = temporaryDirectory();
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** Starts a program of the laboratory whose standard error is full, and so is its standard output unless it is a pipe. */
function start(script: string, output: 'full' | 'pipe', change: Record<string, string>) {
  const full = openSync(FULL, 'w');
  const env = {
    PATH: process.env['PATH'] ?? '',
    MPCOMM_STATE_FILE: join(directory, 'state.sqlite'),
    ...change,
  };
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path], {
    env,
    stdio: ['ignore', output === 'pipe' ? 'pipe' : full, full],
  });
  closeSync(full);
  running.push(child);
  return child;
}

(existsSync(FULL) ? describe : describe.skip)(
  'with a log on a full disk (skipped where there is no /dev/full)',
  () => {
    test('a peer registers, hears its commands and ends well', async () => {
      const child = start('../../peer/main.ts', 'full', {
        MPCOMM_PEER_ID: 'peer-0',
        MPCOMM_ZONE: 'us-west1-b',
        MPCOMM_SECRET: 'a secret of thirty-two characters, or more',
        MPCOMM_LOG_LEVEL: 'trace',
      });
      const ended = once(child, 'exit');
      const backend = await openBackend({ MPCOMM_STATE_FILE: join(directory, 'state.sqlite') });
      try {
        await eventually('the peer has registered', async () => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
          return (await backend.store.read(paths.peer('peer-0'))) !== undefined;
        });
        await requestExit({ bus: backend.bus, nowMs: Date.now() });
        expect(await ended).toEqual([0, null]);
      } finally {
        await backend.close();
      }
    });

    test('the functions answer, and end well', async () => {
      const child = start('../../functions/serve.ts', 'pipe', { MPCOMM_FUNCTIONS_PORT: '0' });
      const ended = once(child, 'exit');
      const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
      const { listening } = JSON.parse(line) as { listening: string };
      expect((await postJson(`${listening}/exit`, {})).status).toBe(202);
      expect((await postJson(`${listening}/run`, { peers: 2, messages: 1 })).status).toBe(409);
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    });
  },
);

import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { PATIENCE_MS } from '../support/patience.ts';

const MAIN = resolve('peer/main.ts');
/** Prints, when the process ends, which of Node's own modules it had loaded. */
const WATCHER = `data:text/javascript,process.on('exit',()=>console.log(process.moduleLoadList.join()))`;

test('an idle peer loads no HTTP and no fetch, which only a health check would need', () => {
  // Without a configuration it ends as soon as everything is loaded that it imports at its start.
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', WATCHER, MAIN], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    timeout: PATIENCE_MS,
  });
  expect(stderr).toContain('MPCOMM_PEER_ID');
  expect(status).toBe(78);
  const loaded = stdout.split(',');
  expect(loaded).toContain('NativeModule dgram');
  const unwanted = loaded.filter((name) => /http|undici/.test(name));
  expect(unwanted).toEqual([]);
});

test('a peer that says that it is loaded has written what it compiled, for the peers after it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mpcomm-'));
  const cache = join(folder, 'cache');
  const child = fork(MAIN, {
    execArgv: [],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: cache,
      MPCOMM_PEER_ID: 'peer-0',
      MPCOMM_ZONE: 'us-west1-b',
      MPCOMM_SECRET: 'a secret for this test alone, of no use elsewhere',
      MPCOMM_BACKEND: 'embedded',
      MPCOMM_STATE_FILE: join(folder, 'state.sqlite'),
    },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  try {
    const [message] = await once(child, 'message', { signal: AbortSignal.timeout(60_000) });
    expect(message).toBe('loaded');
    expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(200);
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const MAIN = resolve('peer/main.ts');
/** Prints, when the process ends, which of Node's own modules it had loaded. */
const WATCHER = `data:text/javascript,process.on('exit',()=>console.log(process.moduleLoadList.join()))`;

test('an idle peer loads no HTTP and no fetch, which only a health check would need', () => {
  // Without a configuration it ends as soon as everything is loaded that it imports at its start.
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', WATCHER, MAIN], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    timeout: 60_000,
  });
  expect(stderr).toContain('MPCOMM_PEER_ID');
  expect(status).toBe(78);
  const loaded = stdout.split(',');
  expect(loaded).toContain('NativeModule dgram');
  const unwanted = loaded.filter((name) => /http|undici/.test(name));
  expect(unwanted).toEqual([]);
});

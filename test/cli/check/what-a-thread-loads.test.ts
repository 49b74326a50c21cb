import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { PATIENCE_MS } from '../../support/patience.ts';

const ROOT = resolve('.');
/** Prints, when the process ends, which modules it had loaded. */
const WATCHER = `data:text/javascript,import { registerHooks } from 'node:module';
const urls = [];
registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
process.on('exit', () => console.log(urls.join('\\n')));`.replaceAll('\n', '');

// A check starts ten threads to explain what it found, and each loads its modules anew.
test.each(['check-worker.ts', 'exhaustive/exhaustive-worker.ts'])(
  'a thread of %s loads nothing that tells or draws, and no ordering but its own, before it is needed',
  (worker) => {
    const path = join(ROOT, 'cli/check', worker);
    const args = ['--disable-warning=ExperimentalWarning', '--import', WATCHER, path];
    const { status, stdout } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });
    expect(status).toBe(0);
    const loaded = stdout
      .split('\n')
      .map((url) => url.replace(`${pathToFileURL(ROOT).href}/`, ''))
      .filter((url) => url !== '');
    expect(loaded).toContain('simulation/check/check-scenario.ts');
    const unwanted = loaded.filter((file) =>
      /^(?:diagram|svg|core\/orderings)\/|\/story\.ts$/.test(file),
    );
    expect(unwanted).toEqual([]);
  },
);

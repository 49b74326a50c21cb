import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { LABORATORY_FLAGS } from '../../local/node-flags.ts';
import { PATIENCE_MS } from '../support/patience.ts';

/**
 * What the three load besides: themselves, and a few small files that nothing else imports. Node keeps two files of a
 * source, one without its types and one compiled.
 */
const KEPT_SINCE_MAX = 30;

/** Each file of the cache, with what changes when Node writes it again. */
function cached(cache: string): string[] {
  return readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).ino}`);
}

test('what an installation compiles is what a peer, the functions and the command load', () => {
  const cache = mkdtempSync(join(tmpdir(), 'mpcomm-'));
  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: cache };
  const run = (...words: string[]) =>
    spawnSync(process.execPath, words, { env, encoding: 'utf8', timeout: PATIENCE_MS });
  try {
    execFileSync(process.execPath, ['scripts/compile-ahead.js'], { env, timeout: PATIENCE_MS });
    const ahead = new Set(cached(cache));
    expect(ahead.size).toBeGreaterThan(500);
    // Each of these ends as soon as everything is loaded that it imports at its start.
    const peer = run(...LABORATORY_FLAGS, resolve('peer/main.ts'));
    expect(peer.stderr).toContain('MPCOMM_PEER_ID');
    env['MPCOMM_FUNCTIONS_PORT'] = 'none';
    const functions = run(...LABORATORY_FLAGS, resolve('functions/serve.ts'));
    expect(functions.stderr + functions.stdout).toContain('MPCOMM_FUNCTIONS_PORT');
    const command = run(resolve('cli/mpcomm.js'), 'demo', '--no-such-option');
    expect(command.stderr).toContain('--no-such-option');
    const compiledSince = cached(cache).filter((file) => !ahead.has(file));
    expect(compiledSince.length).toBeLessThanOrEqual(KEPT_SINCE_MAX);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});

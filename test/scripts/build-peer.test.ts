import { beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { isBuiltin } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildPeer } from '../../scripts/bundles/build-peer.ts';
import { sha256Of } from '../../scripts/bundles/built-file.ts';
import { compress, NODE_RUNTIME } from '../../scripts/bundles/fetch-node.ts';
import { findEmulators, startEmulators } from '../../local/emulators.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const directory = temporaryDirectory();
const bundle = join(directory, 'peer.mjs');

/** The daemon as it starts on a machine of its own: nothing beside its one file. */
function startPeer(environment: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [bundle], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      MPCOMM_PEER_ID: 'peer-0',
      MPCOMM_ZONE: 'us-west1-b',
      MPCOMM_SECRET: 's'.repeat(32),
      ...environment,
    },
  });
}

describe('the daemon’s bundle', () => {
  let text = '';

  beforeAll(async () => {
    const files = await buildPeer(ROOT);
    expect(files.map(({ name }) => name)).toEqual(['peer.mjs']);
    text = files[0]!.text;
    writeFileSync(bundle, text);
  });

  test('imports nothing but what Node itself has', () => {
    // Seven megabytes: a parser would take longer than all other tests of this file.
    const forms = [
      /(?:^|;)import[\w\s$*{},]*"([^"]+)"/gm,
      /__require\("([^"]+)"\)/g,
      /\bimport\("([^"]+)"\)/g,
    ];
    const imported = forms.flatMap((form) => [...text.matchAll(form)].map(([, name]) => name!));
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.filter((name) => !isBuiltin(name))).toEqual([]);
    expect(imported).not.toContain('node:sqlite');
  });

  test('says nothing of where it was built', () => {
    expect(text).not.toContain(ROOT);
    expect(text).not.toContain('sourceMappingURL=data');
  });

  test('is the same bytes when it is built again', async () => {
    expect(sha256Of((await buildPeer(ROOT))[0]!.text)).toBe(sha256Of(text));
  });

  test('refuses the embedded backend, with the reason', async () => {
    const child = startPeer({ MPCOMM_BACKEND: 'embedded' });
    let errors = '';
    child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(errors).toContain('The embedded backend is not part of what is deployed');
  });
});

const { installation, reason } = await findEmulators();
if (installation === undefined)
  process.stderr.write(`skipping the bundle on emulators: ${reason}\n`);

(installation === undefined ? test.skip : test)(
  'the bundle registers, on Google’s emulators, and ends with status 0',
  async () => {
    const emulators = await startEmulators(installation!);
    try {
      const child = startPeer(emulators.environment);
      const exited = once(child, 'exit');
      for await (const line of createInterface({ input: child.stdout })) {
        if ((JSON.parse(line) as { message: string }).message === 'ready') child.kill('SIGTERM');
      }
      expect(await exited).toEqual([0, null]);
    } finally {
      await emulators.stop();
    }
  },
);

describe('the pinned Node', () => {
  test('is the version that the project runs on', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(NODE_RUNTIME.version).toBe(manifest.dependencies['node']);
  });

  // Elsewhere another binary is installed, and the digest can only be checked by fetching it.
  const isSame = process.platform === 'linux' && process.arch === 'x64';
  (isSame ? test : test.skip)('is the very binary that is installed here', () => {
    const installed = readFileSync(join(ROOT, 'node_modules/node/bin/node'));
    expect(sha256Of(installed)).toBe(NODE_RUNTIME.sha256);
  });

  test('is compressed without a trace of when and where', () => {
    const binary = Buffer.from('a binary');
    const compressed = compress(binary);
    expect(gunzipSync(compressed)).toEqual(binary);
    expect([...compressed.subarray(4, 10)]).toEqual([0, 0, 0, 0, 2, 255]);
  });
});

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SETTINGS } from './graph.ts';
import { HANGS_AFTER_MS } from './hangs-after.ts';

/** Runs the program with mocks in a process of its own, as each `pulumi up` does; prints its outputs. */
const RUN = `
  import * as pulumi from '@pulumi/pulumi';
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name + '-id', state: { ...inputs, generation: 1 } }),
    call: ({ inputs }) => ({ ...inputs, number: '123456789012' }),
  }, 'mpcomm', 'test');
  const settings = JSON.parse(process.env.SETTINGS);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(settings).map(([name, value]) => ['mpcomm:' + name, value])),
  );
  try {
    const { project, region, peers, digests } = await import('./index.ts');
    console.log(JSON.stringify({ project, region, peers, digests }));
  } catch (error) {
    console.log((error.constructor.name) + ': ' + error.message);
  }
`;

describe('the program', () => {
  let dist = '';

  before(() => {
    dist = mkdtempSync(join(tmpdir(), 'mpcomm-dist-'));
    for (const folder of ['functions', 'peer', 'check']) mkdirSync(join(dist, folder));
    const files = [
      ['functions', 'index.js'],
      ['peer', 'peer.mjs'],
      ['peer', 'node.gz'],
      ['check', 'check.mjs'],
    ] as const;
    for (const [folder, file] of files) writeFileSync(join(dist, folder, file), file);
  });

  after(() => rmSync(dist, { recursive: true }));

  function run(settings: object, folder = dist): string {
    return execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '--eval', RUN], {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
      timeout: HANGS_AFTER_MS,
      env: { PATH: process.env['PATH'], SETTINGS: JSON.stringify(settings), MPCOMM_DIST: folder },
    }).trimEnd();
  }

  test('deploys what was built, and says so', () => {
    const outputs = JSON.parse(run(SETTINGS)) as Record<string, unknown>;
    assert.equal(outputs['project'], 'my-laboratory');
    assert.equal((outputs['peers'] as string[]).length, 8);
    const [digest] = spawnSync('sha256sum', [join(dist, 'peer/peer.mjs')], {
      encoding: 'utf8',
    }).stdout.split(' ');
    assert.equal((outputs['digests'] as Record<string, string>)['peer'], digest);
  });

  test('says what is wrong with its settings, without a stack', () => {
    assert.equal(
      run({ ...SETTINGS, peers: '65' }),
      'RunError: peers is "65"; it is a whole number in 2..64',
    );
  });

  test('says what was not built', () => {
    rmSync(join(dist, 'peer/node.gz'));
    assert.match(run(SETTINGS), /^Error: .* lacks peer\/node\.gz: npm run build makes them$/);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../control/comparison-document.ts';
import { paths } from '../../control/documents.ts';
import type { Backend } from '../../control/ports.ts';
import { findEmulators, startEmulators, type Emulators } from '../../local/emulators.ts';
import { freePort } from '../../local/free-port.ts';
import { openBackend } from '../../backend/open-backend.ts';
import { registerEmulatorTrigger } from '../../local/trigger.ts';
import { buildPeer } from '../../scripts/bundles/build-peer.ts';
import { eventually } from '../support/eventually.ts';
import { postJson, send } from '../support/functions-client.ts';
import { installBuiltFunctions, ServedFunction } from '../support/served-functions.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const PEERS = 3;
const JSON_TYPE = { 'content-type': 'application/json' };

const { installation, reason } = await findEmulators();
if (installation === undefined) {
  process.stderr.write(`Skipping the functions as they are uploaded. ${reason}\n`);
}

/**
 * What is deployed, run as it is deployed: the built functions with the packages of their own
 * lockfile, each in a process of the Functions Framework, and the daemon's bundle; on Google's
 * emulators. Needs the npm registry once.
 */
(installation === undefined ? describe.skip : describe)('what is uploaded', describeUploaded);

function describeUploaded(): void {
  const directory = join(temporaryDirectory(), 'functions');
  const functions = new Map<string, ServedFunction>();
  const peers: ChildProcess[] = [];
  let emulators: Emulators | undefined;
  let backend: Backend;

  beforeAll(async () => {
    await installBuiltFunctions(ROOT, directory);
    const comparePort = await freePort();
    emulators = await startEmulators(installation!, { functionsPort: comparePort });
    const { environment, firestoreHost, project } = emulators;
    backend = await openBackend(environment);
    for (const name of ['run', 'exit', 'expire', 'compare']) {
      const port = name === 'compare' ? comparePort : undefined;
      functions.set(name, await ServedFunction.start(directory, name, environment, port));
    }
    const pattern = 'runs/{runId}/reports/{peerId}';
    await registerEmulatorTrigger({ firestoreHost, project, name: 'compare', pattern });
    const [bundle] = await buildPeer(ROOT);
    writeFileSync(join(directory, bundle!.name), bundle!.text);
    for (let number = 0; number < PEERS; number += 1) {
      peers.push(startPeer(join(directory, bundle!.name), number, environment));
    }
    const registered = async () => (await backend.store.list(paths.peers)).length === PEERS;
    await eventually('the peers to register', registered);
  });

  afterAll(async () => {
    for (const served of functions.values()) served.stop();
    for (const peer of peers) peer.kill('SIGKILL');
    await backend?.close();
    await emulators?.stop();
  });

  const urlOf = (name: string): string => functions.get(name)!.url;

  test('has no development dependency beside it', () => {
    const installed = readdirSync(join(directory, 'node_modules'));
    expect(installed).toContain('@google-cloud');
    expect(installed).not.toContain('typescript');
    expect(installed).not.toContain('jest');
  });

  test('refuses what is no run, in good form', async () => {
    const answer = await postJson(urlOf('run'), { peers: 'many' });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test.each([
    ['JSON that is none', 'run', { body: '{"peers":', headers: JSON_TYPE }, 400],
    ['JSON that is no object', 'exit', { body: '7', headers: JSON_TYPE }, 400],
    ['what is no JSON', 'run', { body: 'peers=4', headers: { 'content-type': 'text/x' } }, 415],
    [
      'a gzipped body',
      'run',
      { body: 'x', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } },
      415,
    ],
    ['more than it may be', 'expire', { body: 'x'.repeat(16_385), headers: JSON_TYPE }, 413],
    ['another method', 'run', { method: 'PUT', body: '{}', headers: JSON_TYPE }, 405],
    ['an event that is none', 'compare', { body: '{"context":', headers: JSON_TYPE }, 400],
    ['a question that is no event', 'compare', { method: 'GET' }, 405],
  ])(
    'answers %s in problem details, before the framework can in HTML',
    async (_, name, sent, status) => {
      const answer = await send(urlOf(name), sent);
      expect([answer.status, answer.headers['content-type']]).toEqual([
        status,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
      expect(JSON.parse(answer.text)).toMatchObject({ status });
    },
  );

  test('runs, and is compared by the function that an event of Firestore calls', async () => {
    const intervalMs = { min: 2, max: 20 };
    const begun = await postJson(urlOf('run'), { peers: PEERS, messages: 40, intervalMs });
    expect([begun.status, begun.text]).toEqual([202, expect.any(String)]);
    const { runId } = JSON.parse(begun.text) as { runId: string };
    const read = async () => (await backend.store.read(paths.comparison(runId)))?.fields;
    await eventually('the comparison', async () => (await read()) !== undefined);
    const comparison = comparisonSchema.parse(await read());
    expect(comparison).toMatchObject({ backend: 'emulators', network: 'real', rounds: 120 });
    expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([120, 120, 120]);
    // Its log comes by a pipe, which may be slower than Firestore.
    const said = `run ${runId}: comparison created`;
    await eventually(said, () => functions.get('compare')!.log.includes(said));
  });

  test('has nothing left to expire', async () => {
    const answer = await send(urlOf('expire'), { method: 'POST' });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { closed: [] }]);
  });

  test('ends every daemon with status 0', async () => {
    const ended = Promise.all(peers.map((peer) => once(peer, 'exit')));
    expect((await postJson(urlOf('exit'), {})).status).toBe(202);
    expect(await ended).toEqual(Array(PEERS).fill([0, null]));
  });
}

function startPeer(
  bundle: string,
  number: number,
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, [bundle], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'] ?? '',
      MPCOMM_PEER_ID: `peer-${number}`,
      MPCOMM_ZONE: 'us-west1-b',
      MPCOMM_SECRET: 's'.repeat(32),
      ...environment,
    },
  });
}

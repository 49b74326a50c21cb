import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  claimLaboratory,
  findLaboratory,
  LaboratoryIsUpError,
  releaseLaboratory,
  updateLaboratory,
  type LaboratoryRecord,
} from '../../local/laboratory-file.ts';
import {
  readIfPresent,
  stateDirectoryAt,
  type StateDirectory,
} from '../../local/state-directory.ts';

let directory: StateDirectory;
let server: Server;
let url: string;

beforeEach(async () => {
  directory = stateDirectoryAt(await mkdtemp(join(tmpdir(), 'mpcomm-')));
  server = createServer((_request, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory.path, { recursive: true });
});

function record(changes: Partial<LaboratoryRecord>): LaboratoryRecord {
  return {
    pid: process.pid,
    startedAtMs: Date.now(),
    backend: 'embedded',
    url,
    environment: {},
    peers: [{ peerId: 'peer-0', zone: 'us-west1-b' }],
    loss: 0,
    ...changes,
  };
}

async function deadProcessId(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}

describe('laboratory.json', () => {
  test('is found while its process lives and its functions answer', async () => {
    expect(await findLaboratory(directory)).toBeNull();
    await claimLaboratory(directory, record({ url: null }));
    await updateLaboratory(directory, record({}));
    expect(await findLaboratory(directory)).toMatchObject({ pid: process.pid, url });
  });

  test('of a dead process counts as absent, is removed, and can be claimed', async () => {
    await updateLaboratory(directory, record({ pid: await deadProcessId() }));
    expect(await findLaboratory(directory)).toBeNull();
    expect(await readIfPresent(directory.laboratoryFile)).toBeNull();
    await updateLaboratory(directory, record({ pid: await deadProcessId() }));
    await claimLaboratory(directory, record({}));
    expect(await findLaboratory(directory)).toMatchObject({ pid: process.pid });
  });

  test('of an id that another process got since is stale: nothing answers there', async () => {
    await updateLaboratory(directory, record({ url: 'http://127.0.0.1:9' }));
    expect(await findLaboratory(directory)).toBeNull();
  });

  test('that is no record, or left behind while starting, is stale', async () => {
    await writeFile(directory.laboratoryFile, '{"pid": ');
    expect(await findLaboratory(directory)).toBeNull();
    const hourAgoMs = Date.now() - 3_600_000;
    await updateLaboratory(directory, record({ url: null, startedAtMs: hourAgoMs }));
    expect(await findLaboratory(directory)).toBeNull();
  });

  test('goes to one of two, and the error names the one that has it', async () => {
    const claims = await Promise.allSettled([
      claimLaboratory(directory, record({})),
      claimLaboratory(directory, record({})),
    ]);
    expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const again = claimLaboratory(directory, record({}));
    await expect(again).rejects.toThrow(LaboratoryIsUpError);
    await expect(claimLaboratory(directory, record({}))).rejects.toThrow(
      new RegExp(`process ${process.pid}, ${url}, 1 peers, embedded`),
    );
  });

  test('is released by its own process only', async () => {
    await updateLaboratory(directory, record({ pid: process.ppid }));
    await releaseLaboratory(directory);
    expect(await readIfPresent(directory.laboratoryFile)).not.toBeNull();
    await updateLaboratory(directory, record({}));
    await releaseLaboratory(directory);
    expect(await readIfPresent(directory.laboratoryFile)).toBeNull();
  });
});

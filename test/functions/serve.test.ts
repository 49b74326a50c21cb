import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunPlan } from '../../control/command.ts';
import { paths } from '../../control/documents.ts';
import type { Backend } from '../../control/ports.ts';
import { openBackend } from '../../backend/open-backend.ts';
import { begunRun, uploadMember } from '../support/control-fixtures.ts';
import { type Answer, postJson, send } from '../support/functions-client.ts';
import { PATIENCE_MS } from '../support/patience.ts';

const SCRIPT = fileURLToPath(new URL('../../functions/serve.ts', import.meta.url));

let directory: string;
let environment: Record<string, string>;
let processes: ChildProcess[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mpcomm-serve-'));
  processes = [];
  environment = {
    MPCOMM_BACKEND: 'embedded',
    MPCOMM_STATE_FILE: join(directory, 'state.sqlite'),
    MPCOMM_FUNCTIONS_PORT: '0',
  };
});

afterEach(async () => {
  for (const each of processes) each.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** Starts the process; `lines` grows with what it prints on its standard output. */
function start(stdio: StdioOptions = ['ignore', 'pipe', 'pipe']) {
  const env = { ...process.env, ...environment };
  const started = spawn(process.execPath, [SCRIPT], { env, stdio });
  processes.push(started);
  const [lines, logs]: [string[], string[]] = [[], []];
  createInterface(started.stdout!).on('line', (line) => lines.push(line));
  createInterface(started.stderr!).on('line', (line) => logs.push(line));
  return { started, lines, logs };
}

async function listening({ started, lines, logs }: ReturnType<typeof start>): Promise<string> {
  const untilMs = Date.now() + PATIENCE_MS;
  while (lines.length === 0) {
    if (Date.now() > untilMs || started.exitCode !== null) throw new Error(logs.join('\n'));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return (JSON.parse(lines[0]!) as { listening: string }).listening;
}

describe('the process that serves the functions', () => {
  test('prints its address, logs JSON lines elsewhere, and ends with 0 on SIGTERM', async () => {
    const served = start();
    const url = await listening(served);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await postJson(`${url}/exit`, {})).status).toBe(202);
    expect((await postJson(`${url}/run`, { peers: 2, messages: 1 })).status).toBe(409);
    served.started.kill('SIGTERM');
    expect(await once(served.started, 'exit')).toEqual([0, null]);
    expect(served.lines).toHaveLength(1);
    expect(served.logs.length).toBeGreaterThan(0);
    for (const line of served.logs) {
      expect(JSON.parse(line)).toMatchObject({ severity: expect.stringMatching(/^[A-Z]+$/) });
    }
  });

  test('ends with 0 when the parent that spawned it is gone', async () => {
    const served = start(['ignore', 'pipe', 'pipe', 'ipc']);
    await listening(served);
    served.started.disconnect();
    expect(await once(served.started, 'exit')).toEqual([0, null]);
  });

  test.each(['65536', 'http'])('refuses the port %j by name', async (port) => {
    environment['MPCOMM_FUNCTIONS_PORT'] = port;
    const { started, logs } = start();
    expect(await once(started, 'close')).toEqual([1, null]);
    expect(JSON.parse(logs.at(-1)!)).toMatchObject({
      severity: 'CRITICAL',
      message: expect.stringContaining('MPCOMM_FUNCTIONS_PORT'),
    });
  });
});

describe('an event that is posted', () => {
  let backend: Backend;
  let plan: RunPlan;
  let url: string;
  let document: string;

  beforeEach(async () => {
    backend = await openBackend(environment);
    plan = await begunRun(backend, Date.now());
    for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
    document = paths.report(plan.runId, 'peer-1');
    url = await listening(start());
  });

  afterEach(() => backend.close());

  async function expectComparedBy(answer: Promise<Answer>): Promise<void> {
    expect(await answer).toMatchObject({ status: 204 });
    expect(await backend.store.read(paths.comparison(plan.runId))).toBeDefined();
  }

  function binaryEvent(attributes: Record<string, string>): Record<string, string> {
    return {
      'content-type': 'application/protobuf',
      'ce-specversion': '1.0',
      'ce-id': 'event',
      'ce-source': '//firestore.googleapis.com/projects/p/databases/(default)',
      'ce-type': 'google.cloud.firestore.document.v1.created',
      ...attributes,
    };
  }

  test("as Eventarc's, in protobuf, compares", async () => {
    const headers = binaryEvent({ 'ce-document': document, 'ce-subject': `documents/${document}` });
    await expectComparedBy(send(`${url}/compare`, { headers, body: Buffer.alloc(900_000, 7) }));
  });

  test("as the Firestore emulator's, of the older kind, compares", async () => {
    const name = `projects/p/databases/(default)/documents/${document}`;
    const event = {
      data: { value: { name, fields: {} }, updateMask: {} },
      context: {
        eventId: '08f8958a-1d94-4457-a43b-dc851f94f39f',
        timestamp: '2026-01-31T12:00:00.085099Z',
        eventType: 'providers/cloud.firestore/eventTypes/document.create',
        resource: { name, service: 'firestore.googleapis.com' },
      },
    };
    await expectComparedBy(postJson(`${url}/functions/projects/p/triggers/compare`, event));
  });

  test('as structured JSON, thrice, compares', async () => {
    const event = { specversion: '1.0', id: '1', source: 's', type: 't', document };
    const headers = { 'content-type': 'application/cloudevents+json' };
    for (let time = 0; time < 3; time += 1) {
      await expectComparedBy(postJson(`${url}/compare`, event, headers));
    }
  });

  test('without sense is acknowledged or refused, and compares nothing', async () => {
    const compare = `${url}/compare`;
    expect(await send(compare, { headers: binaryEvent({}), body: 'x' })).toMatchObject({
      status: 204,
    });
    expect(await postJson(compare, {})).toMatchObject({ status: 204 });
    expect(await postJson(compare, 'nonsense')).toMatchObject({ status: 400 });
    expect(await postJson(compare, { context: 'x', data: 1 })).toMatchObject({ status: 400 });
    expect(await send(compare, { body: 'x' })).toMatchObject({ status: 415 });
    expect(await send(compare, { method: 'GET' })).toMatchObject({ status: 405 });
    const tooLarge = Buffer.alloc(1_048_577, 32);
    expect(await send(compare, { headers: binaryEvent({}), body: tooLarge })).toMatchObject({
      status: 413,
    });
    expect(await backend.store.read(paths.comparison(plan.runId))).toBeUndefined();
  });
});

import type { Server } from 'node:http';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import fc from 'fast-check';
import { paths } from '../../control/documents.ts';
import { LIMITS } from '../../control/limits.ts';
import { provideBackend } from '../../functions/backend.ts';
import { createFrontServer } from '../../functions/front/front-server.ts';
import { registerPeers, ZONES } from '../support/control-fixtures.ts';
import { type Answer, listen, postJson, send, stopListening } from '../support/functions-client.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

const VALID = { peers: 3, messages: 2 };

let server: Server;
let url: string;
let backend: MemoryBackend;
/** Lines of the log. */
let logged: string[];

beforeAll(async () => {
  server = createFrontServer();
  url = await listen(server);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => stopListening(server));

beforeEach(async () => {
  logged = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
  backend = new MemoryBackend();
  provideBackend(() => Promise.resolve(backend));
  await registerPeers(backend, 3, Date.now());
});

function run(body: unknown, headers?: Record<string, string>) {
  return postJson(`${url}/run`, body, headers);
}

/** Checks that an answer is a problem in good form, and gives it. */
function problemOf(answer: Answer): Record<string, unknown> {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^urn:mpcomm:problem:[a-z-]+$/),
    title: expect.any(String),
    detail: expect.stringMatching(/\.$/),
    status: answer.status,
  });
  return problem;
}

describe('POST /run', () => {
  test('begins a run and says where to look', async () => {
    const answer = await run({ ...VALID, seed: 7 });
    expect(answer.status).toBe(202);
    const body = JSON.parse(answer.text);
    expect(body).toEqual({
      runId: expect.stringMatching(/^\d{8}-\d{6}-[0-9a-f]{8}$/),
      ordering: 'unordered',
      peers: 3,
      messages: 2,
      seed: 7,
      zones: [ZONES[1], ZONES[2], ZONES[0]],
      members: ['peer-1', 'peer-2', 'peer-3'],
      deadline: expect.stringMatching(/^\d{4}-.*Z$/),
      run: `runs/${body.runId}`,
      comparison: `comparisons/${body.runId}`,
    });
    expect(answer.headers.location).toBe(`/runs/${body.runId}`);
    expect(await backend.store.read(body.run)).toBeDefined();
    expect(backend.bus.published).toHaveLength(1);
  });

  test('gives the same run under the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'k'.repeat(255) };
    const [first, second] = [await run(VALID, key), await run(VALID, key)];
    expect([first.status, second.text]).toEqual([202, first.text]);
    const other = await run({ ...VALID, messages: 3 }, key);
    expect(problemOf(other)).toMatchObject({ status: 422 });
  });

  test.each(['', 'with space', 'k'.repeat(256), 'caf\u00e9'])(
    'refuses the Idempotency-Key %j',
    async (key) => {
      const problem = problemOf(await run(VALID, { 'idempotency-key': key }));
      expect(problem).toMatchObject({ status: 400, errors: [{ field: 'Idempotency-Key' }] });
    },
  );

  test('says which fields are wrong and what is allowed', async () => {
    const problem = problemOf(await run({ peers: 1, ordering: 'x', extra: 1 }));
    expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining('2 to 64') });
    const fields = (problem['errors'] as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(['peers', 'messages', 'ordering', 'extra']);
  });

  test('says how many peers are live and where', async () => {
    const zones = [ZONES[1], ZONES[1]];
    expect(problemOf(await run({ ...VALID, peers: 4 }))).toMatchObject({ status: 409, live: 3 });
    expect(problemOf(await run({ ...VALID, peers: 2, zones }))).toMatchObject({
      status: 409,
      missingZones: [ZONES[1]],
      zones: [ZONES[1], ZONES[2], ZONES[0]],
    });
  });

  test('says which run is active and until when', async () => {
    const { runId } = JSON.parse((await run(VALID)).text);
    const answer = await run(VALID);
    expect(problemOf(answer)).toMatchObject({
      status: 409,
      runId,
      until: expect.stringMatching(/Z$/),
    });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('is 503 when store, bus or backend fail, without their words', async () => {
    backend.faults.order('transact');
    const noStore = await run(VALID);
    backend.faults.order('publish');
    const noBus = await run(VALID);
    expect(problemOf(noStore)).toMatchObject({ status: 503 });
    expect(problemOf(noBus)).toMatchObject({ status: 503, runId: expect.any(String) });
    provideBackend(() => Promise.reject(new Error('secret host')));
    const noBackend = await run(VALID);
    expect(problemOf(noBackend)).toMatchObject({ status: 503 });
    expect(noStore.text + noBus.text + noBackend.text).not.toMatch(/ordered failure|secret/);
    const entry = JSON.parse(logged.find((line) => line.includes('secret host'))!);
    expect(entry).toMatchObject({ severity: 'ERROR', message: expect.any(String) });
    provideBackend(() => Promise.resolve(backend));
    expect((await run(VALID)).status).toBe(409);
  });

  test('is 500 for a defect, without internals', async () => {
    backend.store.list = () => Promise.reject(new TypeError('secret internals'));
    const answer = await run(VALID);
    expect(problemOf(answer)).toMatchObject({ status: 500 });
    expect(answer.text).not.toContain('secret');
    expect(logged.join('')).toContain('secret internals');
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('is 405 for %s', async (method) => {
    const answer = await send(`${url}/run`, { method });
    expect(answer.headers.allow).toBe('POST');
    expect(problemOf(answer)).toMatchObject({ status: 405, allowed: ['POST'] });
  });

  test.each<Record<string, string>>([
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/cloudevents+json' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  ])('is 415 for %j', async (headers) => {
    const body = JSON.stringify(VALID);
    const problem = problemOf(await send(`${url}/run`, { headers, body }));
    expect(problem).toMatchObject({ status: 415, allowed: ['application/json'] });
    const came = Object.values(headers).map((value) => JSON.stringify(value));
    for (const value of came) expect(problem['detail']).toContain(value);
    if (came.length === 0) expect(problem['detail']).toContain('no Content-Type');
  });

  test.each(['{"peers":', '{peers:3}', '\u0000', '[1', 'nul'])(
    'is 400 for malformed JSON: %j',
    async (body) => {
      expect(problemOf(await run(body))).toMatchObject({
        status: 400,
        type: 'urn:mpcomm:problem:malformed-json',
      });
    },
  );

  test('takes a body of 16 KiB and refuses one byte more, announced or not', async () => {
    const text = JSON.stringify(VALID);
    const padded = text.padEnd(LIMITS.requestBytesMax);
    expect((await run(padded)).status).toBe(202);
    const limitBytes = LIMITS.requestBytesMax;
    expect(problemOf(await run(`${padded} `))).toMatchObject({ status: 413, limitBytes });
    const chunked = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const body = Buffer.alloc(4_000_000, ' ');
    const answer = await send(`${url}/run`, { headers: chunked, body });
    expect(problemOf(answer)).toMatchObject({ status: 413 });
    const accepted = await send(`${url}/run`, { headers: chunked, body: text });
    expect(accepted.status).toBe(409);
  });

  test('answers any JSON with 202 or a problem of 4xx', async () => {
    const key = fc.constantFrom('peers', 'messages', 'seed', 'zones', 'intervalMs', 'x');
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.dictionary(key, fc.oneof(fc.integer(), fc.jsonValue())).map((v) => JSON.stringify(v)),
      fc.record({ peers: fc.nat(4), messages: fc.nat(4) }).map((v) => JSON.stringify(v)),
    );
    const property = fc.asyncProperty(body, async (text) => {
      const answer = await run(text);
      if (answer.status === 202) return;
      expect(problemOf(answer)['status']).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

describe('POST /exit', () => {
  test('publishes the command', async () => {
    const answer = await postJson(`${url}/exit`, '');
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      202,
      { issuedAt: expect.stringMatching(/Z$/), expiresAt: expect.stringMatching(/Z$/) },
    ]);
    expect(backend.bus.published).toMatchObject([{ command: 'exit' }]);
    expect((await postJson(`${url}/exit`, {})).status).toBe(202);
  });

  test('is 405 for GET and 503 without a bus', async () => {
    expect(problemOf(await send(`${url}/exit`, { method: 'GET' }))).toMatchObject({ status: 405 });
    backend.faults.order('publish');
    expect(problemOf(await postJson(`${url}/exit`, ''))).toMatchObject({ status: 503 });
  });
});

describe('POST /expire', () => {
  test('closes what is over and names the missing', async () => {
    const { runId, run: path } = JSON.parse((await run(VALID)).text);
    expect(JSON.parse((await postJson(`${url}/expire`, '')).text)).toEqual({ closed: [] });
    const { fields } = (await backend.store.read(path))!;
    const longAgoMs = Date.now() - 60_000;
    const times = { createdAtMs: longAgoMs, joinByMs: longAgoMs, deadlineMs: longAgoMs };
    const plan = { ...(fields['plan'] as object), ...times };
    await backend.store.replace(path, { ...fields, plan });
    backend.faults.order('read');
    expect(problemOf(await postJson(`${url}/expire`, ''))).toMatchObject({
      status: 503,
      failed: [runId],
    });
    const answer = await postJson(`${url}/expire`, {});
    expect(answer.status).toBe(200);
    const missing = ['peer-1', 'peer-2', 'peer-3'].map((peerId) =>
      expect.objectContaining({ peerId }),
    );
    expect(JSON.parse(answer.text)).toEqual({ closed: [{ runId, missing }] });
    expect(await backend.store.read(paths.comparison(runId))).toBeDefined();
  });
});

describe('elsewhere', () => {
  test('GET / lists the endpoints', async () => {
    const answer = await send(url, { method: 'GET' });
    expect(JSON.parse(answer.text).endpoints).toContain('POST /run');
  });

  test.each(['/runs', '/run/', '/%', '/favicon.ico', '/functions/projects/p/triggers/run'])(
    '%s is 404',
    async (path) => {
      expect(problemOf(await postJson(url + path, VALID))).toMatchObject({ status: 404 });
    },
  );

  test('a client that breaks off harms nobody', async () => {
    const { port } = new URL(url);
    const { connect } = await import('node:net');
    const head = 'POST /run HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(`${head}content-length: 999\r\n\r\n{`, () => socket.destroy());
      });
      socket.once('close', () => resolve());
    });
    expect((await run(VALID)).status).toBe(202);
  });
});

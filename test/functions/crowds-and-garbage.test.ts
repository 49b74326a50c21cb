import type { Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { paths } from '../../control/documents.ts';
import type { Backend } from '../../control/ports.ts';
import { provideBackend } from '../../functions/backend.ts';
import { createFrontServer } from '../../functions/front/front-server.ts';
import { openBackend } from '../../backend/open-backend.ts';
import {
  ABORTED_REQUESTS,
  BROKEN_REQUESTS,
  sendAndLeave,
  sendRaw,
} from '../../scripts/reliability/broken-http.ts';
import { malformedRequest } from '../../scripts/reliability/malformed-bodies.ts';
import { registerPeers } from '../support/control-fixtures.ts';
import { listen, postJson, send, stopListening } from '../support/functions-client.ts';

/** The functions over an embedded backend, as a laboratory serves them; scripts/reliability tries more. */
const VALID = { peers: 3, messages: 2 };
const directory = mkdtempSync(join(tmpdir(), 'mpcomm-crowds-'));

let server: Server;
let url: string;
let backend: Backend;

beforeAll(async () => {
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  backend = await openBackend({ MPCOMM_STATE_FILE: join(directory, 'state.sqlite') });
  provideBackend(() => Promise.resolve(backend));
  server = createFrontServer();
  url = await listen(server);
});

afterAll(async () => {
  jest.restoreAllMocks();
  await stopListening(server);
  await backend.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What is wrong with an answer that should be a refusal in good form. */
function expectRefusal(what: string, status: number, type: string | undefined, body: string) {
  const isRefusal = status >= 400 && status < 500;
  expect({ what, status, type, isRefusal }).toMatchObject({
    type: 'application/problem+json',
    isRefusal: true,
  });
  expect(JSON.parse(body)).toMatchObject({
    status,
    type: expect.stringMatching(/^urn:mpcomm:problem:/),
    title: expect.any(String),
    detail: expect.any(String),
  });
}

describe('garbage', () => {
  test('in good HTTP is refused in good form, whatever it is', async () => {
    const property = fc.asyncProperty(malformedRequest, async (request) => {
      const { kind, method, path, headers, body } = request;
      const sent = { method, headers: { ...headers }, ...(method === 'POST' && { body }) };
      const answer = await send(url + path, sent);
      expectRefusal(kind, answer.status, answer.headers['content-type'], answer.text);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test.each(BROKEN_REQUESTS)('that is no HTTP is refused in good form: $kind', async (broken) => {
    const [head = '', body = ''] = (await sendRaw(url, broken.bytes)).split('\r\n\r\n', 2);
    const status = Number(/^HTTP\/1\.1 (\d+) /.exec(head)?.[1]);
    const type = /^content-type: (.*)$/im.exec(head)?.[1];
    expectRefusal(broken.kind, status, type, body);
  });

  test.each(ABORTED_REQUESTS)('of a client that leaves harms nobody: $kind', async ({ bytes }) => {
    await sendAndLeave(url, bytes);
    expect((await send(url, { method: 'GET' })).status).toBe(200);
  });
});

describe('200 requests at once', () => {
  test('make one run; the others hear whose turn it is, and one key stands for one run', async () => {
    await registerPeers(backend, 3, Date.now());
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => postJson(`${url}/run`, VALID)),
    );
    const begun = answers.filter(({ status }) => status === 202);
    expect(begun).toHaveLength(1);
    const { runId } = JSON.parse(begun[0]!.text) as { runId: string };
    for (const { status, headers, text } of answers) {
      if (status === 202) continue;
      expectRefusal('another run', status, headers['content-type'], text);
      expect(JSON.parse(text)).toMatchObject({ status: 409, runId });
    }
    await backend.store.create(paths.comparison(runId), {});
    const key = { 'idempotency-key': 'the-same' };
    const repeated = await Promise.all(
      Array.from({ length: 200 }, () => postJson(`${url}/run`, VALID, key)),
    );
    expect(new Set(repeated.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await backend.store.list(paths.runs)).toHaveLength(2);
  });
});

import type { Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { provideBackend } from '../../functions/backend.ts';
import { createFrontServer } from '../../functions/front/front-server.ts';
import { sendRaw } from '../../scripts/reliability/broken-http.ts';
import { registerPeers } from '../support/control-fixtures.ts';
import { type Answer, listen, send, stopListening } from '../support/functions-client.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const BODY = JSON.stringify({ peers: 3, messages: 2 });

let server: Server;
let url: string;
let host: string;
let backend: MemoryBackend;

beforeAll(async () => {
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  server = createFrontServer();
  url = await listen(server);
  host = new URL(url).host;
});
afterAll(async () => {
  jest.restoreAllMocks();
  await stopListening(server);
});

beforeEach(async () => {
  backend = new MemoryBackend();
  provideBackend(() => Promise.resolve(backend));
  await registerPeers(backend, 3, Date.now());
});

function post(path: string, headers: Record<string, string>): Promise<Answer> {
  return send(url + path, { headers: { ...JSON_TYPE, ...headers }, body: BODY });
}

async function expectRefused(answer: Answer, status: number, problem: string): Promise<void> {
  const type = `urn:mpcomm:problem:${problem}`;
  expect(JSON.parse(answer.text)).toMatchObject({ status, type, detail: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(backend.bus.published).toEqual([]);
  expect([...backend.store.documents.keys()].filter((path) => path.startsWith('runs/'))).toEqual(
    [],
  );
}

/** What a browser says of a page that is not this server's. */
const FOREIGN: readonly Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'SAME-ORIGIN' },
  { origin: 'https://example.com' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1:1' },
  { origin: 'http://127.0.0.1' },
  { origin: 'https://example.com', 'sec-fetch-site': 'same-origin' },
];

describe.each(['/run', '/exit', '/expire', '/compare'])('a page may not POST %s', (path) => {
  test.each(FOREIGN)('as %j', async (headers) => {
    await expectRefused(await post(path, headers), 403, 'foreign-origin');
  });

  test('from the right address under another scheme', async () => {
    const headers = { origin: `https://${host}` };
    await expectRefused(await post(path, headers), 403, 'foreign-origin');
  });

  test.each([
    'example.com',
    'example.com:80',
    '127.0.0.1.example.com',
    'localhost.example.com',
    'a.localhost@example.com',
    '0.0.0.0',
    '128.0.0.1',
    '127.0.0.256',
    '192.168.0.1:8080',
    '[::2]',
  ])('for the host %j', async (name) => {
    const headers = { host: name, origin: `http://${name}`, 'sec-fetch-site': 'same-origin' };
    await expectRefused(await post(path, headers), 403, 'foreign-host');
  });
});

describe('what is no JSON by its own word', () => {
  test.each(['/run', '/exit', '/expire'])('is refused by %s, however empty', async (path) => {
    for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded']) {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      await expectRefused(await send(url + path, { headers }), 415, 'unsupported-media-type');
    }
  });

  test('leaves an empty body alone that is called JSON', async () => {
    expect((await send(`${url}/exit`, { headers: JSON_TYPE })).status).toBe(202);
  });
});

describe('a program of this machine', () => {
  test.each(['localhost', 'LocalHost:1234', '127.0.0.1', '127.1.2.3:80', '[::1]:65535'])(
    'may call the functions %s',
    async (name) => {
      expect((await post('/exit', { host: name })).status).toBe(202);
    },
  );

  test('may be a page of this very server', async () => {
    const headers = { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect((await post('/exit', headers)).status).toBe(202);
  });

  test('may be a person who types the address', async () => {
    const headers = { 'sec-fetch-site': 'none' };
    expect((await send(url, { method: 'GET', headers })).status).toBe(200);
  });
});

describe('a request with', () => {
  const end = `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

  test.each([
    ['no host', ''],
    ['two hosts', 'host: 127.0.0.1\r\nhost: 127.0.0.1\r\n'],
    ['two hosts, of which the first is right', 'host: 127.0.0.1\r\nHost: example.com\r\n'],
    ['two hosts, of which the last is right', 'HOST: example.com\r\nhost: 127.0.0.1\r\n'],
  ])('%s is 400', async (_kind, lines) => {
    const answer = await sendRaw(url, `POST /exit HTTP/1.1\r\n${lines}${end}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('urn:mpcomm:problem:malformed-http');
    expect(backend.bus.published).toEqual([]);
  });

  test('another site in its target reaches nothing', async () => {
    const target = 'POST http://example.com/exit HTTP/1.1';
    const answer = await sendRaw(url, `${target}\r\nhost: ${host}\r\n${end}`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(backend.bus.published).toEqual([]);
  });
});

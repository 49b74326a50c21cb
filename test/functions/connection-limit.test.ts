import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { provideBackend } from '../../functions/backend.ts';
import { ConnectionLimit } from '../../functions/front/connection-limit.ts';
import { createFrontServer } from '../../functions/front/front-server.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, listen, postJson, send, stopListening } from '../support/functions-client.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

const HEAD = 'POST /run HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

/** What a client may have sent before it falls silent. */
const SILENT_AFTER = {
  nothing: '',
  'half a header': HEAD,
  'half a body': `${HEAD}content-length: 999\r\n\r\n{"peers"`,
  'a whole request': 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
};

let sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
});

/** A connection that has sent `text`, and sends no more. */
async function silent(url: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (text !== '') await new Promise((resolve) => socket.write(text, resolve));
  return socket;
}

describe('connections that do nothing', () => {
  let server: Server;
  let url: string;
  let backend: MemoryBackend;

  beforeAll(async () => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    backend = new MemoryBackend();
    provideBackend(() => Promise.resolve(backend));
    server = createFrontServer();
    url = await listen(server);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await stopListening(server);
  });

  test.each(Object.entries(SILENT_AFTER))('lock nobody out, after %s', async (_kind, text) => {
    for (let count = 0; count < 1_100; count += 1) await silent(url, text);
    const answers: Answer[] = [];
    for (let count = 0; count < 3; count += 1) answers.push(await postJson(`${url}/exit`, {}));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  });
});

describe('a limit of three connections', () => {
  let server: Server;
  let url: string;
  /** Requests that came whole and are not answered yet. */
  let open: ServerResponse[];

  beforeAll(async () => {
    open = [];
    server = createServer((request, response) => {
      limit.working(request.socket, response);
      open.push(response);
    });
    const limit = new ConnectionLimit(server, 3);
    url = await listen(server);
  });
  afterAll(() => stopListening(server));

  test('ends the one that has been idle the longest, and none that is worked on', async () => {
    const working = send(url, { method: 'GET' });
    await eventually('the request came', () => open.length === 1);
    const idle = [await silent(url, ''), await silent(url, '')];
    const ended = once(idle[0]!, 'close');
    idle.push(await silent(url, ''));
    await ended;
    expect(idle.map(({ closed }) => closed)).toEqual([true, false, false]);
    open[0]!.end('done');
    expect((await working).text).toBe('done');
  });

  test('refuses a fourth when all three are worked on, and nobody else', async () => {
    open.length = 0;
    const working = [1, 2, 3].map(() => send(url, { method: 'GET' }));
    await eventually('all requests came', () => open.length === 3);
    await expect(send(url, { method: 'GET' })).rejects.toThrow();
    for (const response of open) response.end('done');
    expect((await Promise.all(working)).map(({ text }) => text)).toEqual(['done', 'done', 'done']);
  });
});

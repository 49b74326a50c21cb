import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { guardServers } from '../../functions/guard-servers.ts';
import { listen, postJson, stopListening } from '../support/functions-client.ts';

const DOCUMENT = 'projects/p/databases/(default)/documents/runs/r/reports/peer-0';
const EVENT_TYPE = 'google.firestore.document.create';

let server: Server;
let url: string;
let reached = 0;

/** A deployed function as far as the guard goes: the framework behind it answers 204. */
beforeAll(async () => {
  const http = (await import('node:http')).default;
  const { createServer: original } = http;
  guardServers('compare');
  server = http.createServer((_request, response) => {
    reached += 1;
    response.writeHead(204).end();
  });
  http.createServer = original;
  url = await listen(server);
});
afterAll(() => stopListening(server));

describe('a deployed function', () => {
  test.each([
    ['/%', 400],
    ['/%2e%2e/%ff%fe', 400],
    ['/favicon.ico', 404],
    ['/robots.txt?x', 404],
  ])(
    'answers POST %s in problem details, before the framework can otherwise',
    async (path, status) => {
      const { port } = new URL(url);
      const socket = connect(Number(port), '127.0.0.1');
      const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
      socket.end(`${head}connection: close\r\ncontent-length: 2\r\n\r\n{}`);
      const text = await textOf(socket);
      expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(text).toContain('application/problem+json');
    },
  );

  test.each([
    ['no path', { resource: 5 }],
    ['a path of another service', { resource: 'projects/p/topics/t' }],
    ['a path in parts that are none', { resource: { service: {}, name: {} } }],
    [
      'another service beside it',
      { resource: { service: 'pubsub.googleapis.com', name: DOCUMENT } },
    ],
    ['a type that is none', { eventType: { a: 1 } }],
    ['the type of another service', { eventType: 'google.pubsub.topic.publish' }],
  ])('answers a legacy event with %s in problem details', async (_name, change) => {
    const before = reached;
    const context = { eventType: EVENT_TYPE, resource: DOCUMENT, ...change };
    const answer = await postJson(url, { context, data: null });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      400,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(reached).toBe(before);
  });

  test.each([
    ['application/json; charset=latin1', 415],
    ['application/cloudevents+json;charset="utf-16"', 415],
    ['application/json; charset="utf-8"', 204],
    ['application/protobuf; messageType=a.B', 204],
  ])(
    'answers an event of %s with %i, in problem details where it is refused',
    async (type, status) => {
      const answer = await postJson(url, { data: {} }, { 'content-type': type });
      expect(answer.status).toBe(status);
      if (status === 415)
        expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );

  test.each([
    ['a legacy event', { context: { eventType: EVENT_TYPE, resource: DOCUMENT }, data: {} }],
    ['one without a context', { eventType: EVENT_TYPE, resource: { name: DOCUMENT }, data: {} }],
    ['another body', { data: {} }],
  ])('takes %s', async (_name, body) => {
    expect((await postJson(url, body)).status).toBe(204);
  });
});

function textOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
  });
}

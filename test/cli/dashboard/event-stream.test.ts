import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { EventStreams } from '../../../cli/dashboard/event-stream.ts';
import type { StatusListener } from '../../../cli/dashboard/watch-laboratory.ts';
import { eventually } from '../../support/eventually.ts';
import { listen, stopListening } from '../../support/functions-client.ts';

const STREAMS_MAX = 32;

const listeners = new Set<StatusListener>();
const watch = {
  listen: (listener: StatusListener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
let server: Server;
let url: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  const streams = new EventStreams(
    watch as unknown as ConstructorParameters<typeof EventStreams>[0],
  );
  server = createServer((_request, response) => streams.open(response));
  url = await listen(server);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await stopListening(server);
});

/** Opens a stream, of which nothing is read. */
function open(): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined).pause();
  socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
  sockets.push(socket);
  return socket;
}

async function opened(count: number): Promise<void> {
  await eventually(`${count} streams`, async () => listeners.size === count);
}

test('the oldest of too many streams is ended, though nobody reads it', async () => {
  open();
  await opened(1);
  const [listener] = listeners;
  // More than the connection takes: an end of the stream would come after all of it.
  const large = { sentence: 'x'.repeat(900_000) } as Parameters<StatusListener>[0];
  for (let told = 0; told < 40; told += 1) {
    listener!(large);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  for (let others = 1; others < STREAMS_MAX; others += 1) open();
  await opened(STREAMS_MAX);
  let isAsked = false;
  server.once('request', () => (isAsked = true));
  open();
  await eventually('one more', async () => isAsked);
  expect([listeners.size, listeners.has(listener!)]).toEqual([STREAMS_MAX, false]);
});

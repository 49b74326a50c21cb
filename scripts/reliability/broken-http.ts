import { connect } from 'node:net';

const ANSWER_MS_MAX = 20_000;
const HEAD = 'POST /run HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
const BODY = '{"peers":3,"messages":5}';

/** What is wrong, and the bytes that go over the connection as they are. */
export interface BrokenRequest {
  readonly kind: string;
  readonly bytes: string;
}

/** Requests whose HTTP itself is broken, each to be answered with 4xx. */
export const BROKEN_REQUESTS: readonly BrokenRequest[] = [
  { kind: 'no HTTP', bytes: 'run 4 50\r\n\r\n' },
  { kind: 'TLS', bytes: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' },
  { kind: 'HTTP/2', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  { kind: 'no host', bytes: `POST /run HTTP/1.1\r\ncontent-length: 0\r\n\r\n` },
  { kind: 'two hosts', bytes: `POST /run HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: 127.0.0.1\r\n\r\n` },
  { kind: 'unknown method', bytes: 'BREW /run HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n' },
  { kind: 'CONNECT', bytes: 'CONNECT x:80 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n' },
  { kind: 'asterisk', bytes: 'OPTIONS * HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n' },
  {
    kind: 'broken chunk size',
    bytes: `${HEAD}transfer-encoding: chunked\r\n\r\nZZ\r\n${BODY}\r\n`,
  },
  { kind: 'negative chunk', bytes: `${HEAD}transfer-encoding: chunked\r\n\r\n-5\r\n${BODY}\r\n` },
  {
    kind: 'chunk too long',
    bytes: `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n${BODY}\r\n0\r\n\r\n`,
  },
  {
    kind: 'two lengths',
    bytes: `${HEAD}content-length: 24\r\ncontent-length: 3\r\n\r\n${BODY}`,
  },
  {
    kind: 'length and chunks',
    bytes: `${HEAD}content-length: 24\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  { kind: 'length no number', bytes: `${HEAD}content-length: many\r\n\r\n${BODY}` },
  { kind: 'length too great', bytes: `${HEAD}content-length: ${'9'.repeat(30)}\r\n\r\n${BODY}` },
  { kind: 'huge header', bytes: `${HEAD}x: ${'x'.repeat(40_000)}\r\n\r\n` },
  { kind: 'header without colon', bytes: `${HEAD}nonsense\r\n\r\n` },
  { kind: 'NUL in a header', bytes: `${HEAD}x: a\0b\r\n\r\n` },
  { kind: 'impossible expectation', bytes: `${HEAD}expect: the-moon\r\ncontent-length: 0\r\n\r\n` },
  { kind: 'smuggled line', bytes: 'POST /run\r\n HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n' },
];

/** Requests that their client leaves before they are complete: nobody waits for an answer. */
export const ABORTED_REQUESTS: readonly BrokenRequest[] = [
  { kind: 'left after the connection', bytes: '' },
  { kind: 'left in the header', bytes: 'POST /run HTT' },
  { kind: 'left in the body', bytes: `${HEAD}content-length: 999\r\n\r\n{"peers"` },
  { kind: 'left in a chunk', bytes: `${HEAD}transfer-encoding: chunked\r\n\r\nff\r\n{"peers"` },
];

/** Sends raw bytes and gives all that came back until the server closed. */
export function sendRaw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(Buffer.from(bytes, 'latin1'));
      // The other side may keep the connection for a further request: this is the last one.
      socket.end();
    });
    let text = '';
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error('no answer')));
    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.on('error', reject);
    socket.on('end', () => resolve(text));
  });
}

/** Sends raw bytes and breaks the connection off at once. */
export function sendAndLeave(url: string, bytes: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(Buffer.from(bytes, 'latin1'), () => socket.resetAndDestroy());
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

import { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.ts';

/** A client that goes on sending after its refusal is cut off after this time. */
const LINGER_MS = 500;

/** Why a body was not read: it is too large for its function, or there is no room for it beside those of others. */
export type Unread = 'too large' | 'no room';

/**
 * Reads a request's body, or gives why not as soon as it is known: more than `bytesMax` bytes, or no room beside
 * those of others. Rejects when the client goes away, or when others need its room and it sent too slowly;
 * the server's request timeout bounds the wait. What was read counts in `budget` until that is told otherwise.
 */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number,
  budget: BodyBudget | null = null,
): Promise<Buffer | Unread> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax)
    return refuse(request, 'too large');
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const giveUp = (why: Unread): void => {
      request.off('data', onData);
      parts.length = 0;
      budget?.release(request);
      resolve(refuse(request, why));
    };
    const onData = (part: Buffer): void => {
      length += part.length;
      if (length > bytesMax) giveUp('too large');
      else if (budget?.grow(request, part.length) === false) giveUp('no room');
      else parts.push(part);
    };
    request.on('data', onData);
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', (error) => {
      budget?.release(request);
      reject(error);
    });
  });
}

/**
 * Closing at once would reset the connection, and the client might never see the answer: so what it
 * still sends is thrown away for a moment first.
 */
function refuse(request: IncomingMessage, why: Unread): Unread {
  request.on('error', () => undefined);
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(timer));
  request.resume();
  return why;
}

/** The same request with its body, which was read already, to be read again by another server. */
export function replay(request: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(request.socket);
  const { 'transfer-encoding': _chunked, ...headers } = request.headers;
  copy.headers = { ...headers, 'content-length': String(body.length) };
  copy.rawHeaders = request.rawHeaders;
  copy.method = request.method!;
  copy.url = request.url!;
  copy.httpVersion = request.httpVersion;
  copy.httpVersionMajor = request.httpVersionMajor;
  copy.httpVersionMinor = request.httpVersionMinor;
  copy.complete = true;
  if (body.length > 0) copy.push(body);
  copy.push(null);
  return copy;
}

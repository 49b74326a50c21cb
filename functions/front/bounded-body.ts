import { IncomingMessage } from 'node:http';

/** A client that goes on sending after its refusal is cut off after this time. */
const LINGER_MS = 500;

/**
 * Reads a request's body, or gives `null` as soon as it is known to have more than `bytesMax` bytes.
 * Rejects when the client goes away; the server's request timeout bounds the wait.
 */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return refuse(request);
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const onData = (part: Buffer): void => {
      length += part.length;
      if (length <= bytesMax) parts.push(part);
      else {
        request.off('data', onData);
        resolve(refuse(request));
      }
    };
    request.on('data', onData);
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', reject);
  });
}

/**
 * Closing at once would reset the connection, and the client might never see the answer: so what it
 * still sends is thrown away for a moment first.
 */
function refuse(request: IncomingMessage): null {
  request.on('error', () => undefined);
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(timer));
  request.resume();
  return null;
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

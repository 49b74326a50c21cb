import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createProblem, PROBLEM_MEDIA_TYPE, type Problem } from '../../control/problem.ts';
import { sendProblem } from '../answer.ts';

/**
 * Has `server` answer in problem details what Node would answer itself, with an empty body: bytes
 * that are not HTTP, a header without end, a request that never ends, CONNECT, an Expect that nobody
 * can meet.
 */
export function refuseConnections(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    endWith(socket, problemOf(error.code));
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    const detail = `${request.method ?? 'This method'} is not allowed here; use POST.`;
    endWith(socket, createProblem('method-not-allowed', detail, { allowed: ['POST'] }));
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const detail = 'The header Expect may only say 100-continue.';
    sendProblem(response, createProblem('expectation-failed', detail), { connection: 'close' });
  });
}

/** `code` is what Node's HTTP parser and its timers call the failure. */
function problemOf(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return createProblem('header-too-large', 'The header of a request may have 16 KiB at most.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return createProblem('request-timeout', 'The request was not complete in time.');
    default:
      return createProblem('malformed-http', 'What came is not a well-formed HTTP/1.1 request.');
  }
}

/** An answer by hand: there is no request that a response could belong to. */
function endWith(socket: Duplex, problem: Problem): void {
  const body = `${JSON.stringify(problem)}\n`;
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...(problem.status === 405 ? ['allow: POST'] : []),
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '../control/limits.ts';
import { createProblem, PROBLEM_MEDIA_TYPE, type Problem } from '../control/problem.ts';
import { UnavailableError } from '../control/unavailable.ts';
import { StateFileError } from '../backend/state-file-error.ts';
import { OutOfTimeError } from '../gcp/retry.ts';
import { describeError, log } from './log.ts';

type Headers = Readonly<Record<string, string>>;

/** Answers with JSON; does nothing when an answer was begun already. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  send(response, status, body, { 'content-type': 'application/json; charset=utf-8', ...headers });
}

/** Answers with problem details under their own status. */
export function sendProblem(
  response: ServerResponse,
  problem: Problem,
  headers: Headers = {},
): void {
  send(response, problem.status, problem, { 'content-type': PROBLEM_MEDIA_TYPE, ...headers });
}

function send(response: ServerResponse, status: number, body: unknown, headers: Headers): void {
  if (response.headersSent) return;
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, {
    ...headers,
    'content-length': String(bytes.length),
    'cache-control': 'no-store',
  });
  response.end(bytes);
}

/** Answers 405 to anything but POST, and says whether it did. */
export function refusedMethod(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'POST') return false;
  const detail = `${request.method ?? 'This method'} is not allowed here; use POST.`;
  sendProblem(response, createProblem('method-not-allowed', detail, { allowed: ['POST'] }), {
    allow: 'POST',
  });
  return true;
}

/** Whether a body of this Content-Type is JSON in UTF-8, the only one that JSON has (RFC 8259). */
export function isJson(contentType: string | undefined): boolean {
  const [type, ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if (type?.trim() !== 'application/json') return false;
  return parameters.every((parameter) => /^\s*(charset="?utf-8"?)?\s*$/.test(parameter));
}

const HEADER_CHARACTERS_MAX = 100;

/** What a header said, short enough to be quoted: `Content-Type "text/plain"`, or that it is absent. */
export function quoteHeader(name: string, value: string | undefined): string {
  if (value === undefined) return `no ${name}`;
  return `${name} ${JSON.stringify(value.slice(0, HEADER_CHARACTERS_MAX))}`;
}

/** The 415 problem of a body that is not JSON, or is encoded. */
export function notJsonProblem(contentType: string | undefined, encoding?: string): Problem {
  const type = quoteHeader('Content-Type', contentType);
  const given =
    encoding === undefined ? type : `${type}, ${quoteHeader('Content-Encoding', encoding)}`;
  const detail = `The body came with ${given}; send application/json in UTF-8, without Content-Encoding.`;
  return createProblem('unsupported-media-type', detail, { allowed: ['application/json'] });
}

/** The 413 problem of a body of more than `limitBytes`. */
export function tooLargeProblem(limitBytes: number = LIMITS.requestBytesMax): Problem {
  const detail = `The body may have at most ${limitBytes} bytes.`;
  return createProblem('body-too-large', detail, { limitBytes });
}

/** What is wrong with a file on this machine is for its user to mend; all other particulars stay here. */
function describeUnavailable({ message, cause }: UnavailableError): string {
  if (cause instanceof StateFileError) return `Nothing was done because ${cause.message}.`;
  if (cause instanceof OutOfTimeError) {
    return `It is not known whether anything was done: ${message}, and gave no answer in time. Look first, then try again.`;
  }
  return `Nothing was done because ${message}; try again later.`;
}

/**
 * Runs a handler and answers for whatever it throws: 503 when the store or the bus failed, and
 * otherwise 500, with the particulars in the log only.
 */
export async function answering(
  response: ServerResponse,
  handler: () => Promise<void>,
): Promise<void> {
  try {
    await handler();
  } catch (error) {
    const passing = error instanceof UnavailableError;
    log('ERROR', passing ? error.message : 'a function failed', describeError(error));
    const problem = passing
      ? createProblem('unavailable', describeUnavailable(error))
      : createProblem('internal-error', 'The function met an error of its own; see its log.');
    sendProblem(response, problem);
  }
}

import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { LIMITS } from '../../control/limits.ts';
import { createProblem, type Problem } from '../../control/problem.ts';
import {
  isJson,
  notJsonProblem,
  sendJson,
  sendProblem,
  tooLargeProblem,
} from '../../functions/answer.ts';
import { readBody } from '../../functions/front/bounded-body.ts';
import { foreignProblem } from '../../functions/front/foreign-requests.ts';
import { messageOf } from '../shell/failure.ts';
import { answerWithin } from './answer-within.ts';
import {
  DASHBOARD_ROUTES,
  type DashboardAnswer,
  type DashboardParts,
  type DashboardRoute,
} from './dashboard-routes.ts';
import type { PageFiles } from './page-response.ts';

/** How long the slowest answer may take: that of a run that the functions are asked for twice. */
const ANSWER_MS_MAX = 25_000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Where a page says the key that the dashboard printed. */
const KEY_HEADER = 'x-mpcomm-key';
/** What the path of a request is read against; the path alone is of interest. */
const ORIGIN = 'http://127.0.0.1';

export interface DashboardServerOptions {
  readonly parts: DashboardParts;
  readonly page: PageFiles;
  /**
   * Requests with this key may read and begin runs; without it, any user of this machine could, as the port
   * is open to all.
   */
  readonly key: string;
  /** It is told of failures that are not the fault of a request. */
  readonly note: (text: string) => void;
}

/**
 * One server, not yet listening, for the page and what it asks for. It refuses the requests that the
 * functions of a laboratory refuse, and those without the key. A page that another site serves can pass
 * neither check.
 */
export function createDashboardServer(options: DashboardServerOptions): Server {
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    secure(response);
    serve(options, request, response).catch((error: unknown) => {
      options.note(`a request of the page failed: ${messageOf(error)}`);
      sendProblem(response, createProblem('internal-error', `${messageOf(error)}.`));
    });
  });
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return server;
}

/** No page of another site may hold what this server sends, whatever it is. */
function secure(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
}

async function serve(
  options: DashboardServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const foreign = foreignProblem(request);
  if (foreign !== null) return sendProblem(response, foreign);
  const asked = request.url ?? '/';
  // "//" is none. That is no fault of the dashboard, and nothing to be noted.
  if (!URL.canParse(asked, ORIGIN)) return sendProblem(response, nothingThere([], asked));
  const url = new URL(asked, ORIGIN);
  if (!url.pathname.startsWith('/api/')) return servePage(options, url.pathname, request, response);
  if (!isKey(options.key, request.headers[KEY_HEADER] ?? url.searchParams.get('key'))) {
    return sendProblem(response, createProblem('missing-key', KEY_SENTENCE));
  }
  if (url.pathname === '/api/events' && request.method === 'GET') {
    return options.parts.streams.open(response);
  }
  const routes = DASHBOARD_ROUTES.filter(({ path }) => path.test(url.pathname));
  const route = routes.find(({ method }) => method === request.method);
  if (route === undefined) return sendProblem(response, nothingThere(routes, url.pathname));
  const answer = await answerTo(options.parts, route, url, request);
  if ('problem' in answer) sendProblem(response, answer.problem);
  else sendJson(response, answer.status, answer.document);
}

const KEY_SENTENCE =
  'Open the whole address that mpcomm printed when the dashboard began: it ends with the key.';

function servePage(
  { page }: DashboardServerOptions,
  path: string,
  { method = '' }: IncomingMessage,
  response: ServerResponse,
): void {
  if (method === 'GET' && page.send(response, path)) return;
  const detail = `There is no ${JSON.stringify(path.slice(0, 100))} to be had by ${method}.`;
  sendProblem(response, createProblem('not-found', detail));
}

function isKey(key: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const [mine, theirs] = [Buffer.from(key), Buffer.from(given)];
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
}

function nothingThere(others: readonly DashboardRoute[], path: string): Problem {
  const allowed = others.map(({ method }) => method);
  if (allowed.length > 0) {
    return createProblem('method-not-allowed', `Use ${allowed.join(' or ')} here.`, { allowed });
  }
  const detail = `There is no ${JSON.stringify(path.slice(0, 100))}; GET /api/openapi.json lists what there is.`;
  return createProblem('not-found', detail);
}

async function answerTo(
  parts: DashboardParts,
  route: DashboardRoute,
  url: URL,
  request: IncomingMessage,
): Promise<DashboardAnswer> {
  const read = route.method === 'POST' ? await bodyOf(request) : { body: undefined };
  if ('problem' in read) return read;
  const names = (route.path.exec(url.pathname) ?? []).slice(1);
  const asked = { names, query: url.searchParams, body: read.body };
  const late = `The laboratory has not answered within ${ANSWER_MS_MAX / 1_000} s`;
  try {
    return await answerWithin(route.answer(parts, asked), ANSWER_MS_MAX, late);
  } catch (error) {
    // What cannot be read or begun is told to whoever asked, in the words of the command line.
    const words = error instanceof z.ZodError ? 'that is no id of a run' : messageOf(error);
    return { problem: createProblem('laboratory-refused', toSentence(words)) };
  }
}

async function bodyOf(
  request: IncomingMessage,
): Promise<{ readonly body: unknown } | { readonly problem: Problem }> {
  const contentType = request.headers['content-type'];
  if (!isJson(contentType)) return { problem: notJsonProblem(contentType) };
  const bytes = await readBody(request, LIMITS.requestBytesMax);
  if (typeof bytes === 'string') return { problem: tooLargeProblem() };
  try {
    return { body: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return { problem: createProblem('malformed-json', 'The body is no JSON.') };
  }
}

/** A message as a sentence; one that begins with an address keeps it as it is. */
function toSentence(message: string): string {
  const begin = /^[a-z]+\b(?!:)/.test(message)
    ? message.charAt(0).toUpperCase()
    : message.charAt(0);
  return `${begin}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}

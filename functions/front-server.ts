import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { LIMITS } from '../control/limits.ts';
import { createProblem, type Problem } from '../control/problem.ts';
import {
  isJson,
  notJsonProblem,
  quoteHeader,
  refusedMethod,
  sendJson,
  sendProblem,
  tooLargeProblem,
} from './answer.ts';
import { readBody, replay } from './bounded-body.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { foreignProblem } from './foreign-requests.ts';
import './index.ts';
import { describeError, log } from './log.ts';
import { refuseConnections } from './refused-connections.ts';

/** An event carries the document that was created, which may have 1 MiB. */
const EVENT_BYTES_MAX = 1_048_576;

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
/** More than the system accepts in one go (511), so that nobody is put out before being heard. */
const CONNECTIONS_MAX = 1_000;

/** The media types of events: legacy ones and structured ones are JSON, Eventarc's data is protobuf. */
const EVENT_TYPES = /^application\/(json|cloudevents\+json|protobuf|x-protobuf)(;|$)/;

/** Where the Firestore emulator posts its events, whatever its project is called. */
const EMULATOR_TRIGGER = /^\/functions\/projects\/[^/]+\/triggers\/compare$/;

interface Route {
  /** The Functions Framework's server of one function; it never listens itself. */
  readonly server: Server;
  readonly bytesMax: number;
  /** What is wrong with this body, before the function sees it. */
  readonly check: (request: IncomingMessage, body: Buffer) => Problem | null;
}

/**
 * One server, not yet listening, for all functions. The framework's own servers take one function
 * each, bind every interface and accept bodies of a gigabyte; this one bounds what reaches them, and
 * from where, and answers in problem details where they would answer in HTML.
 */
export function createFrontServer(): Server {
  const routes = createRoutes();
  // Without a host Node would refuse a request in its own way, with an empty answer.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    serve(routes, limit, request, response).catch((error: unknown) => {
      // The client went away while it was sending: there is nobody to answer.
      log('WARNING', 'a request broke off', describeError(error));
      response.destroy();
    });
  });
  const limit = new ConnectionLimit(server, CONNECTIONS_MAX);
  refuseConnections(server);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}

function createRoutes(): ReadonlyMap<string, Route> {
  const bytesMax = LIMITS.requestBytesMax;
  const http = (name: string): Route => ({
    server: getTestServer(name),
    bytesMax,
    check: checkRequestBody,
  });
  const compare = getTestServer('compare');
  return new Map([
    ['/run', http('run')],
    ['/exit', http('exit')],
    ['/expire', http('expire')],
    ['/compare', { server: compare, bytesMax: EVENT_BYTES_MAX, check: checkEventBody }],
  ]);
}

async function serve(
  routes: ReadonlyMap<string, Route>,
  limit: ConnectionLimit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const foreign = foreignProblem(request);
  if (foreign !== null) return sendProblem(response, foreign);
  const path = (request.url ?? '').split('?', 1)[0]!;
  const route = routes.get(EMULATOR_TRIGGER.test(path) ? '/compare' : path);
  if (route === undefined) return answerElsewhere(routes, request, response, path);
  if (refusedMethod(request, response)) return;
  const body = await readBody(request, route.bytesMax);
  if (body === null) return sendProblem(response, tooLargeProblem(route.bytesMax));
  limit.working(request.socket, response);
  const problem = route.check(request, body);
  if (problem !== null) return sendProblem(response, problem);
  route.server.emit('request', replay(request, body), response);
}

function answerElsewhere(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  const endpoints = [...routes.keys()].map((endpoint) => `POST ${endpoint}`);
  if (path === '/' && request.method === 'GET') return sendJson(response, 200, { endpoints });
  const detail = `${JSON.stringify(path.slice(0, 100))} is none of ${endpoints.join(', ')}.`;
  sendProblem(response, createProblem('not-found', detail, { endpoints }));
}

/**
 * An empty body has to be called JSON as well: what a page may send to another site without being asked
 * whether it may is a form or text, and never JSON.
 */
function checkRequestBody(request: IncomingMessage, body: Buffer): Problem | null {
  const contentType = request.headers['content-type'];
  if (isEncoded(request) || !isJson(contentType)) {
    return notJsonProblem(contentType, request.headers['content-encoding']);
  }
  if (body.length === 0) return null;
  // The framework's parser takes no others, and would say so in HTML.
  return isObject(parseJson(body)) ? null : malformedProblem();
}

function checkEventBody(request: IncomingMessage, body: Buffer): Problem | null {
  const contentType = request.headers['content-type']?.toLowerCase() ?? '';
  if (isEncoded(request) || !EVENT_TYPES.test(contentType)) {
    const allowed = ['application/json', 'application/cloudevents+json', 'application/protobuf'];
    const detail =
      `The event came with ${quoteHeader('Content-Type', request.headers['content-type'])}; send ` +
      `one of ${allowed.join(', ')}, without Content-Encoding.`;
    return createProblem('unsupported-media-type', detail, { allowed });
  }
  if (body.length > 0 && contentType.includes('protobuf')) return null;
  return isEvent(parseJson(body)) ? null : malformedProblem();
}

/** A body that was compressed could grow beyond every bound. */
function isEncoded({ headers }: IncomingMessage): boolean {
  return (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
}

/** `undefined`, which JSON does not know, when it is not JSON. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The framework looks into an event, and into its context, as into objects. */
function isEvent(event: unknown): boolean {
  return isObject(event) && (!('context' in event) || isObject(event.context));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function malformedProblem(): Problem {
  return createProblem('malformed-json', 'The body is not a well-formed JSON object.');
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { describeApi } from '../../control/api/openapi.ts';
import { createProblem } from '../../control/problem.ts';
import { sendJson, sendProblem } from '../answer.ts';
import { bodyRuleOf, checkedRequest, type BodyRule } from './checked-request.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { foreignProblem } from './foreign-requests.ts';
import '../index.ts';
import { describeError, log } from '../log.ts';
import { refuseConnections } from './refused-connections.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
/** More than the system accepts in one go (511), so that nobody is put out before being heard. */
const CONNECTIONS_MAX = 1_000;

/** Where the Firestore emulator posts its events, whatever its project is called. */
const EMULATOR_TRIGGER = /^\/functions\/projects\/[^/]+\/triggers\/compare$/;

interface Route extends BodyRule {
  /** The Functions Framework's server of one function; it never listens itself. */
  readonly server: Server;
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
  const names = ['run', 'exit', 'expire', 'compare'];
  const routes = names.map((name): [string, Route] => {
    return [
      `/${name}`,
      { server: getTestServer(name), ...bodyRuleOf(name, { demandsJson: true }) },
    ];
  });
  return new Map(routes);
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
  const checked = await checkedRequest(route, request, response);
  if (checked === null) return;
  limit.working(request.socket, response);
  route.server.emit('request', checked, response);
}

function answerElsewhere(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  const endpoints = [...[...routes.keys()].map((name) => `POST ${name}`), 'GET /openapi.json'];
  if (request.method === 'GET') {
    if (path === '/') return sendJson(response, 200, { endpoints });
    if (path === '/openapi.json') return sendJson(response, 200, describeApi());
  }
  const detail = `${JSON.stringify(path.slice(0, 100))} is none of ${endpoints.join(', ')}.`;
  sendProblem(response, createProblem('not-found', detail, { endpoints }));
}

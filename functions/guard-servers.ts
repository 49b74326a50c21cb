import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { bodyRuleOf, checkedRequest } from './front/checked-request.ts';
import { createProblem, type Problem } from '../control/problem.ts';
import { sendProblem } from './answer.ts';
import { describeError, log } from './log.ts';

const PATH_CHARACTERS_MAX = 100;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** What the framework answers by itself, with nothing. */
const NO_ENDPOINTS: readonly string[] = ['/favicon.ico', '/robots.txt'];

/**
 * What is wrong with a path, which otherwise says nothing: a function has its own host. `null`, for nothing.
 */
function pathProblem(url: string): Problem | null {
  const [path = ''] = url.split('?', 1);
  const quoted = JSON.stringify(path.slice(0, PATH_CHARACTERS_MAX));
  if (!isDecodable(path)) {
    const detail = `The path ${quoted} is not well formed; allowed are "/", and percent signs before two hexadecimal digits of UTF-8.`;
    return createProblem('invalid-request', detail);
  }
  if (!NO_ENDPOINTS.some((each) => path.toLowerCase().startsWith(each))) return null;
  return createProblem('not-found', `${quoted} is not there; send POST to "/".`, {
    endpoints: ['POST /'],
  });
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes every server that this process makes from now on look at each request first, by the rule of the
 * function `name`, and hand on only what is in order. The framework has no setting for this: its
 * parsers come before any code of ours, and what they refuse they refuse in HTML.
 */
export function guardServers(name: string): void {
  const { createServer } = http;
  const rule = bodyRuleOf(name);
  const guarded = (...given: Parameters<typeof createServer>): Server => {
    const server = createServer(...given);
    const listeners = server.listeners('request') as Listener[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const problem = pathProblem(request.url ?? '');
      if (problem !== null) return sendProblem(response, problem);
      checkedRequest(rule, request, response)
        .then((checked) => {
          if (checked === null) return;
          for (const listener of listeners) listener.call(server, checked, response);
        })
        .catch((error: unknown) => {
          // The client went away while it was sending: there is nobody to answer.
          log('WARNING', 'a request broke off', describeError(error));
          response.destroy();
        });
    });
    return server;
  };
  http.createServer = guarded as typeof createServer;
}

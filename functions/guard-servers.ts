import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { bodyRuleOf, checkedRequest } from './front/checked-request.ts';
import { describeError, log } from './log.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

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

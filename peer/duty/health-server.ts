import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The path at which a load balancer's prober asks whether this peer lives. */
export const HEALTH_PATH = '/health';

/** Probers come from a handful of addresses, a few times a minute each. */
const CONNECTIONS_MAX = 32;
const REQUEST_MS_MAX = 5_000;

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET /health` with 200 and the result of `describe` as JSON; anything else with 404 or 405.
 * An answer shows that the event loop turns, and no more: another machine would not mend a store or a
 * bus that does not answer, so such a fault must not cost this machine its life. Throws when the port
 * is taken.
 */
export async function openHealthServer(
  host: string,
  port: number,
  describe: () => Readonly<Record<string, unknown>>,
): Promise<HealthServer> {
  // An ES module's import of it brings Node's HTTP/2 and fetch along, some MB that most peers have no use for.
  const { createServer } = await import('node:http');
  const limits = { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX };
  const server = createServer(limits, (request, response) => answer(request, response, describe));
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  describe: () => Readonly<Record<string, unknown>>,
): void {
  const isProbe = request.url === HEALTH_PATH;
  const isAllowed = request.method === 'GET' || request.method === 'HEAD';
  const status = !isProbe ? 404 : isAllowed ? 200 : 405;
  const body = status === 200 ? JSON.stringify(describe()) : JSON.stringify({ status });
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    // Each connection gets one answer, so that none is left open which could hold up the end of the
    // process.
    connection: 'close',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(`${body}\n`);
}

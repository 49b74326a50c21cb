import type { AddressInfo } from 'node:net';
import { closeBackend, getBackend } from './backend.ts';
import { createFrontServer } from './front/front-server.ts';
import { captureConsole, describeError, dropWhatCannotBeWritten, log } from './log.ts';

/**
 * The process that serves all functions on 127.0.0.1, at the port in MPCOMM_FUNCTIONS_PORT (0 takes
 * any that is free). When it listens it prints one line, {"listening":"http://127.0.0.1:PORT"}, and
 * nothing else on its standard output. It ends with status 0 on SIGTERM, on SIGINT, and when the
 * parent that spawned it with a channel dies.
 */
const HOST = '127.0.0.1';

/** How long calls under way have to end. */
const CLOSE_MS_MAX = 5_000;
const IDLE_SWEEP_MS = 50;

function main(): void {
  dropWhatCannotBeWritten();
  captureConsole();
  // With this setting the framework and Express keep the text of errors out of their answers.
  process.env['NODE_ENV'] ??= 'production';
  const server = createFrontServer();
  server.once('error', (error) => fail(`cannot listen on ${HOST}`, error));
  server.listen(readPort(), HOST, () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ listening: `http://${HOST}:${port}` })}\n`);
    // The backend is opened now, so that the first request need not wait; if that fails, the request
    // says so.
    getBackend().catch((error: unknown) => log('ERROR', 'no backend yet', describeError(error)));
  });
  let closing = false;
  const close = (why: string): void => {
    if (closing) return;
    closing = true;
    log('INFO', `closing: ${why}`);
    setTimeout(() => fail('calls under way did not end in time'), CLOSE_MS_MAX).unref();
    server.close(() => {
      closeBackend().then(
        () => process.exit(0),
        (error: unknown) => fail('the backend did not close', error),
      );
    });
    // A connection that answers its last call after `close` would be kept for another one.
    setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS).unref();
  };
  process.once('SIGTERM', () => close('SIGTERM'));
  process.once('SIGINT', () => close('SIGINT'));
  if (process.channel) process.once('disconnect', () => close('the parent is gone'));
}

function readPort(): number {
  const text = process.env['MPCOMM_FUNCTIONS_PORT'] ?? '0';
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  return fail(`MPCOMM_FUNCTIONS_PORT is ${JSON.stringify(text)}; allowed is 0 to 65535`);
}

function fail(message: string, error?: unknown): never {
  log('CRITICAL', message, error === undefined ? {} : describeError(error));
  process.exit(1);
}

main();

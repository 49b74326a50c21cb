import { OrderingModuleError } from '../core/ordering-module.ts';
import { orderingsOf } from '../local/load-ordering.ts';
import { openBackend } from '../local/open-backend.ts';
import { ConfigurationError, readConfiguration } from './configuration.ts';
import { Daemon } from './daemon.ts';
import { createLog } from './log.ts';

/** A daemon that cannot leave cleanly within this time is ended. */
const STOP_MS_MAX = 10_000;

/** The status with which sysexits.h says "configuration error". */
const EXIT_CONFIGURATION = 78;

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const log = createLog(configuration.logLevel, configuration.peerId);
  const orderings = await orderingsOf(process.env);
  const backend = await openBackend(process.env);
  const daemon = new Daemon(configuration, backend, log, Date.now, orderings);
  const told = new Promise<string>((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
    // Started by a laboratory on the same machine: it ends with that one, however that one ended.
    process.once('disconnect', () => resolve('the laboratory is gone'));
    daemon.done.then(
      () => resolve('exit command'),
      (error: unknown) => {
        process.exitCode = 1;
        resolve(error instanceof Error ? error.message : String(error));
      },
    );
  });
  try {
    await daemon.start();
    const reason = await told;
    setTimeout(() => {
      log.error('could not stop cleanly in time');
      process.exit(1);
    }, STOP_MS_MAX).unref();
    await daemon.stop(reason);
  } finally {
    await backend.close();
  }
  if (process.connected) process.disconnect();
}

try {
  await main();
} catch (error) {
  const isConfiguration =
    error instanceof ConfigurationError || error instanceof OrderingModuleError;
  const text = isConfiguration ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`mpcomm peer: ${String(text)}\n`);
  process.exit(isConfiguration ? EXIT_CONFIGURATION : 1);
}

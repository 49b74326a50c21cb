import { OrderingModuleError } from '../custom/ordering-module.ts';
import { orderingsOf } from '../custom/load-ordering.ts';
import { openBackend } from '../backend/open-backend.ts';
import { announceLoaded } from './announce-loaded.ts';
import { ConfigurationError, type PeerConfiguration, readConfiguration } from './configuration.ts';
import { Daemon } from './daemon.ts';
import { type HealthServer, openHealthServer } from './duty/health-server.ts';
import { createLog, type Logger } from './log.ts';
import { surviveFullOutput } from '../gcp/log-lines.ts';
import { runExited } from './run-exited.ts';

/** A daemon that cannot leave cleanly within this time is ended. */
const STOP_MS_MAX = 10_000;
/** Why a daemon ends that was told to by the command of that name. */
const EXIT_COMMAND = 'exit command';

/** The status with which sysexits.h says "configuration error". */
const EXIT_CONFIGURATION = 78;

async function main(): Promise<void> {
  surviveFullOutput();
  const configuration = readConfiguration(process.env);
  const log = createLog(configuration.logLevel, configuration.peerId);
  const orderings = await orderingsOf(process.env);
  // The health check comes before anything that may take its time: it must see that the process is there.
  const health = await openHealth(configuration, log);
  const backend = await openBackend(process.env);
  announceLoaded();
  const daemon = new Daemon(configuration, backend, log, orderings);
  const told = new Promise<string>((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
    // A laboratory on the same machine started this process, which ends with it, however it ended.
    process.once('disconnect', () => resolve('the laboratory is gone'));
    daemon.done.then(
      () => resolve(EXIT_COMMAND),
      (error: unknown) => {
        process.exitCode = 1;
        resolve(error instanceof Error ? error.message : String(error));
      },
    );
  });
  // A start that waits for a store that does not answer is ended as well.
  void told.then((reason) => {
    setTimeout(() => {
      log.error('could not stop cleanly in time');
      process.exit(statusAfter(reason));
    }, STOP_MS_MAX).unref();
  });
  try {
    await daemon.start();
    const reason = await told;
    const wasToldToExit = statusAfter(reason) === 0;
    await daemon.stop(reason).catch((error: unknown) => {
      if (!wasToldToExit) throw error;
      log.error({ err: error }, 'could not stop cleanly');
    });
  } finally {
    await health?.close();
    await backend.close();
  }
  if (process.connected) process.disconnect();
}

/**
 * The status of a daemon that could not stop cleanly. Who was told to exit stays away all the same: a service manager
 * would start it anew after any other status.
 */
function statusAfter(reason: string): number {
  return reason === EXIT_COMMAND ? 0 : 1;
}

async function openHealth(
  { bind, healthPort, peerId, zone }: PeerConfiguration,
  log: Logger,
): Promise<HealthServer | null> {
  if (healthPort === null) return null;
  const health = await openHealthServer(bind, healthPort, () => ({
    status: 'running',
    peerId,
    zone,
  }));
  log.info({ healthPort: health.port }, 'answering health checks');
  return health;
}

try {
  // A machine's service manager starts this after a daemon that was told to exit (docs/deploy.md).
  if (process.argv[2] === '--exited') await runExited(process.env);
  else await main();
} catch (error) {
  const isConfiguration =
    error instanceof ConfigurationError || error instanceof OrderingModuleError;
  const text = isConfiguration ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`mpcomm peer: ${String(text)}\n`);
  process.exit(isConfiguration ? EXIT_CONFIGURATION : 1);
}

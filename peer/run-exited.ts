import { ConfigurationError, readConfiguration } from './configuration.ts';
import { openHealthServer } from './duty/health-server.ts';
import { createLog } from './log.ts';

/**
 * Stands in for a daemon that ended because it was told to: it answers the health check, so that the
 * machine is not taken for a broken one and replaced by one whose daemon knows of no exit command. It
 * takes part in nothing, and ends with status 0 on SIGTERM or SIGINT.
 */
export async function runExited(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  // This process does not need the laboratory's secret; the rest of its configuration must be in order.
  const placeholder = 'no secret is needed to stand in for it';
  const configuration = readConfiguration({ ...environment, MPCOMM_SECRET: placeholder });
  const { peerId, bind, healthPort, logLevel } = configuration;
  if (healthPort === null) {
    throw new ConfigurationError('MPCOMM_HEALTH_PORT: is needed with --exited');
  }
  const health = await openHealthServer(bind, healthPort, () => ({ status: 'exited', peerId }));
  const log = createLog(logLevel, peerId);
  log.info({ healthPort: health.port }, 'the daemon ended on command; only its health is answered');
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await health.close();
}

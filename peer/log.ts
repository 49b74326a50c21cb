import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Pino's levels under the names that Cloud Logging shows. */
const SEVERITIES: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * JSON lines in Cloud Logging's structured format: `severity`, `message`, `time` as RFC 3339, and the
 * peer in every line. See https://cloud.google.com/logging/docs/structured-logging.
 */
export function createLog(level: string, peerId: string, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: { peerId },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ severity: SEVERITIES[label] ?? 'DEFAULT' }) },
  };
  return stream === undefined ? pino(options) : pino(options, stream);
}

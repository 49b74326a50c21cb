import { type DestinationStream, type Logger, pino } from 'pino';
import { LogLines, toDescriptor } from '../gcp/log-lines.ts';

export type { Logger };

const STANDARD_OUTPUT = 1;

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
 * peer in every line. See https://cloud.google.com/logging/docs/structured-logging. A line that cannot
 * be written is dropped, and the peer goes on.
 */
export function createLog(
  level: string,
  peerId: string,
  stream: DestinationStream = new LogLines(toDescriptor(STANDARD_OUTPUT), describeLoss),
): Logger {
  const options = {
    level,
    base: { peerId },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ severity: SEVERITIES[label] ?? 'DEFAULT' }) },
  };
  return pino(options, stream);
}

function describeLoss(lines: number, reason: string): string {
  const message = `${lines} lines of this log were lost: ${reason}`;
  return `${JSON.stringify({ severity: 'WARNING', time: new Date().toISOString(), message })}\n`;
}

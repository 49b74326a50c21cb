import { LogLines, surviveFullOutput, toDescriptor } from '../gcp/log-lines.ts';

/** Severities of Cloud Logging. */
export type Severity = 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

const STANDARD_ERROR = 2;

/**
 * Writes one line of JSON in Cloud Logging's structured format to the standard error stream: the
 * standard output of a served process carries nothing but its address.
 */
export function log(
  severity: Severity,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  write(formatLine(severity, message, fields));
}

let write = (line: string): unknown => process.stderr.write(line);

/**
 * Drops lines that cannot be written from now on, so that the process goes on: for a process whose
 * standard error is a file on a disk that may become full.
 */
export function dropWhatCannotBeWritten(): void {
  surviveFullOutput();
  const lines = new LogLines(toDescriptor(STANDARD_ERROR), (count, reason) =>
    formatLine('WARNING', `${count} lines of this log were lost: ${reason}`, {}),
  );
  write = (line) => lines.write(line);
}

function formatLine(
  severity: Severity,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): string {
  return `${JSON.stringify({ ...fields, severity, message })}\n`;
}

/** What a log says of something thrown: its stack, and what caused it; never sent to a client. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { error: error.stack ?? error.message, ...cause };
}

/** Turns whatever libraries print from now on into lines of this log. */
export function captureConsole(): void {
  const print =
    (severity: Severity) =>
    (...parts: unknown[]): void =>
      log(severity, parts.map((part) => (part instanceof Error ? part.stack : part)).join(' '));
  Object.assign(console, {
    log: print('INFO'),
    info: print('INFO'),
    warn: print('WARNING'),
    error: print('ERROR'),
  });
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log('WARNING', warning.message, { name: warning.name }));
}

/** Severities of Cloud Logging. */
export type Severity = 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/**
 * Writes one line of JSON in Cloud Logging's structured format to the standard error stream: the
 * standard output of a served process carries nothing but its address.
 */
export function log(
  severity: Severity,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  process.stderr.write(`${JSON.stringify({ ...fields, severity, message })}\n`);
}

/** What a log says of something thrown: its stack, and what caused it; never sent to a client. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { error: error.stack ?? error.message, ...cause };
}

/** From now on whatever libraries print becomes a line of this log. */
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

import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { EXIT, Failure, Interrupted, messageOf } from './failure.ts';
import { createProgram } from './program.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** Ctrl-C reaches a process directly and through its parent: so close together they are one. */
const REPEAT_MS_MIN = 500;

const QUIET_WARNINGS: readonly string[] = ['ExperimentalWarning'];

async function main(): Promise<void> {
  silenceWarnings();
  const terminal = processTerminal();
  const signal = signalOfInterruption(terminal);
  let status: number = EXIT.done;
  try {
    const program = createProgram({ terminal, signal }, (given) => {
      status = given;
    });
    await program.parseAsync();
  } catch (error) {
    status = statusOf(signal.aborted ? signal.reason : error, terminal);
  }
  // What is left open now, such as a half-read pipe, must not hold the process.
  process.exitCode = status;
  setTimeout(() => process.exit(), 2_000).unref();
}

// node:sqlite is called experimental; that is no news to the user of a command.
function silenceWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (!QUIET_WARNINGS.includes(warning.name)) process.stderr.write(`${String(warning)}\n`);
  });
}

// The first signal stops in order; one that follows it ends at once, and the children with it.
function signalOfInterruption(terminal: Terminal): AbortSignal {
  const abort = new AbortController();
  let firstMs = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (abort.signal.aborted && Date.now() - firstMs > REPEAT_MS_MIN) {
        process.exit(128 + constants.signals[name]);
      }
      if (abort.signal.aborted) return;
      firstMs = Date.now();
      terminal.note('Stopping; again to end at once.');
      abort.abort(new Interrupted(name));
    });
  }
  return abort.signal;
}

/** Says what went wrong; gives the exit status. */
function statusOf(error: unknown, terminal: Terminal): number {
  if (error instanceof Interrupted) return 128 + constants.signals[error.signalName];
  // Commander has said it already, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.failed;
  if (error instanceof Failure) terminal.note(`mpcomm: ${error.message}`);
  else terminal.note(`mpcomm: ${describeUnexpected(error)}`);
  return EXIT.failed;
}

function describeUnexpected(error: unknown): string {
  const isDebugging = (process.env['DEBUG'] ?? '') !== '';
  return isDebugging && error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}

await main();

import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { spellInLines } from '../control/printable.ts';
import { EXIT, Failure, Interrupted, messageOf } from './shell/failure.ts';
import { signalOfInterruption } from './shell/interruption.ts';
import { createProgram } from './program.ts';
import { processTerminal, type Terminal } from './shell/terminal.ts';

const QUIET_WARNINGS: readonly string[] = ['ExperimentalWarning'];

async function main(): Promise<void> {
  silenceWarnings();
  const terminal = processTerminal();
  const signal = signalOfInterruption(terminal);
  let status: number = EXIT.done;
  try {
    const finish = (given: number) => void (status = given);
    const program = await createProgram({ terminal, signal }, finish, process.argv[2]);
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

/** Says what went wrong; gives the exit status. */
function statusOf(error: unknown, terminal: Terminal): number {
  if (error instanceof Interrupted) return 128 + constants.signals[error.signalName];
  // Commander has said it already, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.failed;
  const said = error instanceof Failure ? error.message : describeUnexpected(error);
  // A message may quote a file, or its name, which may hold escape sequences for the terminal.
  terminal.note(`mpcomm: ${spellInLines(said)}`);
  return EXIT.failed;
}

function describeUnexpected(error: unknown): string {
  const isDebugging = (process.env['DEBUG'] ?? '') !== '';
  return isDebugging && error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}

await main();

import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { spellInLines } from '../../control/printable.ts';
import { EXIT, Failure, Interrupted, messageOf } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** Says on the terminal what ended a command, which threw it; gives the exit status. */
export function endWith(error: unknown, terminal: Pick<Terminal, 'note'>): number {
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

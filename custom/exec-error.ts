import { closeSync, openSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import { End, type SharedState, State } from './exec-state.ts';

/** A program did not do its part of the protocol (docs/exec-protocol.md); the message says which. */
export class ExecError extends Error {
  override name = 'ExecError';
}

const EXCERPT_CHARACTERS_MAX = 200;
const STDERR_LINES_MAX = 20;
const FIRST_LINE_BYTES_MAX = 256;

/** Text that a program wrote, on one line and short enough for an error. */
export function excerptOf(text: string): string {
  const isLong = text.length > EXCERPT_CHARACTERS_MAX;
  return JSON.stringify(isLong ? `${text.slice(0, EXCERPT_CHARACTERS_MAX)}...` : text);
}

/**
 * How the program ended, such as "ended with status 1"; `answerMsMax` is how long it had for its
 * answer.
 */
export function describeEnd(state: SharedState, answerMsMax: number): string {
  const { numbers } = state;
  const status = Atomics.load(numbers, State.status);
  switch (Atomics.load(numbers, State.end)) {
    case End.late:
      return (
        `gave no answer within ${answerMsMax / 1_000} s and was killed ` +
        '(does it end each answer with a newline, and flush it?)'
      );
    case End.unstartable:
      return 'could not be started';
    case End.exited:
      if (Atomics.load(numbers, State.signalled) === 1) return `was ended by ${signalName(status)}`;
      // A shell in between reports a signal as a status above 128.
      if (status > 128) return `ended with status ${status} (${signalName(status - 128)})`;
      return `ended with status ${status}`;
    default:
      return 'wrote the byte 0, which no JSON text contains';
  }
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `signal ${number}`;
}

/** The end of what it wrote to standard error, indented; or that there was nothing. */
export function describeStderr(state: SharedState): string {
  const bytes = Atomics.load(state.numbers, State.stderrBytes);
  // The bytes are copied, since memory that another thread may write is no input for a decoder.
  const text = new TextDecoder().decode(state.stderr.slice(0, bytes)).trimEnd();
  if (text === '') return 'It wrote nothing to standard error.';
  const lines = text.split('\n').slice(-STDERR_LINES_MAX);
  return `Its standard error ends with:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Statuses by which a shell says that it could not run a command: that it may not, or that there is none. */
const NOT_RUN = { forbidden: 126, missing: 127 } as const;

/** What helps against a program that a shell could not run though its file is there; `null` where that is not known. */
export function hintOfUnrunnable(command: string, status: number): string | null {
  const [file = ''] = command.trim().split(/\s+/, 1);
  if (status !== NOT_RUN.forbidden && status !== NOT_RUN.missing) return null;
  const begin = beginOf(file);
  if (begin === null) return null;
  // The shell and env look for a program of that name, and say that the file is missing.
  if (/^#!.*\r(?:\n|$)/.test(begin)) {
    return `${file} has Windows line ends, which its first line takes for part of a name: save it with those of Unix (\\n)`;
  }
  if (status === NOT_RUN.missing) return null;
  return `${file} may not be run: chmod +x ${file}, or write what runs it in front (python3, node, sh)`;
}

/** The first bytes of a file; `null` where there is no such file. */
function beginOf(file: string): string | null {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(FIRST_LINE_BYTES_MAX);
      return bytes.toString('latin1', 0, readSync(descriptor, bytes));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}

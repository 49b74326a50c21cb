import { constants } from 'node:os';
import { End, type SharedState, State } from './exec-state.ts';

/** A program did not do its part of the protocol (docs/exec-protocol.md); the message says which. */
export class ExecError extends Error {
  override name = 'ExecError';
}

const EXCERPT_CHARACTERS_MAX = 200;
const STDERR_LINES_MAX = 20;

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

import { getSystemErrorMessage, styleText } from 'node:util';
import { EXIT, Interrupted } from './failure.ts';

/** Where a command writes: data to standard output, everything for a person to standard error. */
export interface Terminal {
  /** Data: what a script would read. Adds the line's end. */
  data(text: string): void;
  /** Anything else. Adds the line's end. */
  note(text: string): void;
  /** Rewrites the last line of standard error, where that is a terminal. */
  readonly status: { readonly isTTY: boolean; readonly columns: number; write(text: string): void };
  readonly paint: Paint;
  /** Aborted once somebody has closed what the command writes to, as "head" does with a pipe; absent where nobody can. */
  readonly unread?: AbortSignal;
}

/** Colours, or plain text: where the data goes decides. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export const PLAIN: Paint = {
  bold: (text) => text,
  dim: (text) => text,
  good: (text) => text,
  bad: (text) => text,
};

export const COLOURED: Paint = {
  bold: (text) => styleText('bold', text, { validateStream: false }),
  dim: (text) => styleText('dim', text, { validateStream: false }),
  good: (text) => styleText('green', text, { validateStream: false }),
  bad: (text) => styleText('red', text, { validateStream: false }),
};

/**
 * Ends what a person types: on an interruption, and once no answer is read. What comes from a pipe is obeyed to its end
 * all the same, since its status and its files are wanted.
 */
export function endOfInput(
  { unread }: Pick<Terminal, 'unread'>,
  interruption: AbortSignal,
  isTyped: boolean,
): AbortSignal {
  return isTyped && unread !== undefined ? AbortSignal.any([interruption, unread]) : interruption;
}

/**
 * The terminal of this process. Colours only on a terminal, and never where NO_COLOR is set. One that calls itself dumb, as in
 * an editor, shows what would paint or rewrite a line as characters: it is written to as a pipe is.
 */
export function processTerminal(): Terminal {
  const { TERM, NO_COLOR = '' } = process.env;
  const isDumb = TERM === 'dumb';
  const isPlain = !process.stdout.isTTY || isDumb || NO_COLOR !== '';
  const unread = new AbortController();
  const stdout = writerTo(process.stdout, 'standard output', unread);
  const stderr = writerTo(process.stderr, 'standard error', unread);
  return {
    data: (text) => stdout(`${text}\n`),
    note: (text) => stderr(`${text}\n`),
    status: {
      isTTY: process.stderr.isTTY && !isDumb,
      // A terminal of unknown width says 0 columns.
      columns: process.stderr.columns > 0 ? process.stderr.columns : 80,
      write: stderr,
    },
    paint: isPlain ? PLAIN : COLOURED,
    unread: unread.signal,
  };
}

/**
 * Gives what writes to `stream`. "mpcomm check ... | head" closes the pipe early: nobody reads on there, which is no
 * error, and no reason either to leave a file half written or to end with another status than the command's own. So only
 * what goes to that stream is dropped. What cannot be written for another reason is said where it still can be, in one
 * line: the command could not be done.
 */
function writerTo(
  stream: NodeJS.WriteStream,
  name: string,
  unread: AbortController,
): (text: string) => void {
  let isRead = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      isRead = false;
      unread.abort(new Interrupted('SIGPIPE'));
      return;
    }
    const { errno, message } = error;
    const reason = errno === undefined ? message : getSystemErrorMessage(errno);
    if (stream !== process.stderr) {
      process.stderr.write(`mpcomm: ${name} cannot be written: ${reason}\n`);
    }
    process.exit(EXIT.failed);
  });
  return (text) => {
    if (isRead) stream.write(text);
  };
}

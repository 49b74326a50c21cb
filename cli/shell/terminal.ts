import { getSystemErrorMessage, styleText } from 'node:util';
import { EXIT } from './failure.ts';

/** Where a command writes: data to standard output, everything for a person to standard error. */
export interface Terminal {
  /** Data: what a script would read. Adds the line's end. */
  data(text: string): void;
  /** Anything else. Adds the line's end. */
  note(text: string): void;
  /** Rewrites the last line of standard error, where that is a terminal. */
  readonly status: { readonly isTTY: boolean; readonly columns: number; write(text: string): void };
  readonly paint: Paint;
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

/** The terminal of this process. Colours only on a terminal, and never where NO_COLOR is set. */
export function processTerminal(): Terminal {
  const isPlain = !process.stdout.isTTY || (process.env['NO_COLOR'] ?? '') !== '';
  endWithoutReader(process.stdout, 'standard output');
  endWithoutReader(process.stderr, 'standard error');
  return {
    data: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    status: {
      isTTY: process.stderr.isTTY,
      // A terminal of unknown width says 0 columns.
      columns: process.stderr.columns > 0 ? process.stderr.columns : 80,
      write: (text) => void process.stderr.write(text),
    },
    paint: isPlain ? PLAIN : COLOURED,
  };
}

/**
 * "mpcomm runs | head" closes the pipe early: that is no error, and nobody reads on. What cannot be written
 * for another reason is said where it still can be, in one line: the command could not be done.
 */
function endWithoutReader(stream: NodeJS.WriteStream, name: string): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    const { errno, message } = error;
    const reason = errno === undefined ? message : getSystemErrorMessage(errno);
    if (stream !== process.stderr) {
      process.stderr.write(`mpcomm: ${name} cannot be written: ${reason}\n`);
    }
    process.exit(EXIT.failed);
  });
}

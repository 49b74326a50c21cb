import type { Context } from '../../cli/shell/context.ts';
import { PLAIN } from '../../cli/shell/terminal.ts';

/** The context of a command, and what it wrote. */
export interface RecordedContext {
  readonly context: Context;
  readonly data: string[];
  readonly notes: string[];
}

/** A command's context that nothing interrupts; `google` is how it reaches Google. */
export function recordedContext(google: Pick<Context, 'google'> = {}): RecordedContext {
  const [data, notes]: [string[], string[]] = [[], []];
  const context: Context = {
    terminal: {
      data: (text) => void data.push(text),
      note: (text) => void notes.push(text),
      status: { isTTY: false, columns: 80, write: () => undefined },
      paint: PLAIN,
    },
    signal: new AbortController().signal,
    ...google,
  };
  return { context, data, notes };
}

import { on } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { obeySignalKeys } from '../shell/prompt-keys.ts';

/** Where the commands come from: a terminal, or a pipe. */
export type TypedInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

export interface TypedLine {
  readonly line: string;
  /** Whether a prompt stood before it when it was typed, so that the terminal shows it where it belongs. */
  readonly wasAwaited: boolean;
}

export interface LinesOptions {
  /** What stands before a line in a terminal. */
  readonly prompt: string;
  /** The first words that the tabulator completes. */
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  /** Where a terminal shows what is typed; default: the standard output. */
  readonly output?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * The lines that somebody types, one after the other, to the last: also those that were typed or pasted before their
 * turn, and those before an end of the input that comes while one is being obeyed.
 */
export class TypedLines implements AsyncIterable<TypedLine> {
  readonly isTerminal: boolean;
  readonly #lines: Interface;
  /** Every line from the beginning on, whenever it is asked for. */
  readonly #queue: AsyncIterable<readonly [string]>;
  #typed = 0;
  #taken = 0;
  #isPrompting = false;
  #isClosed = false;

  constructor(input: TypedInput, options: LinesOptions) {
    const { prompt, words, signal, output = process.stdout } = options;
    this.isTerminal = input.isTTY === true && output.isTTY === true;
    this.#lines = createInterface({
      input,
      ...(this.isTerminal && { output, completer: completerOf(words) }),
      terminal: this.isTerminal,
      prompt: this.isTerminal ? prompt : '',
      signal,
    });
    this.#queue = on(this.#lines, 'line', { close: ['close'] }) as AsyncIterable<readonly [string]>;
    this.#lines.on('line', () => (this.#typed += 1));
    this.#lines.on('close', () => (this.#isClosed = true));
    obeySignalKeys(this.#lines);
  }

  /** Asks for the next line in a terminal, unless it was typed already or none can come any more. */
  prompt(): void {
    this.#isPrompting = this.isTerminal && !this.#isClosed && this.#typed === this.#taken;
    if (this.#isPrompting) this.#lines.prompt();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TypedLine> {
    for await (const [line] of this.#queue) {
      this.#taken += 1;
      yield { line, wasAwaited: this.#isPrompting };
    }
  }

  close(): void {
    this.#lines.close();
  }
}

function completerOf(words: readonly string[]): (line: string) => [string[], string] {
  return (line) => {
    const names = words.filter((word) => word.startsWith(line));
    return [line.includes(' ') ? [] : names.map((name) => `${name} `), line];
  };
}

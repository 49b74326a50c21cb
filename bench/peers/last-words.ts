import type { Readable } from 'node:stream';

const CHARACTERS_MAX = 2_000;

/** The end of what a process writes, for whoever has to say why it failed. */
export class LastWords {
  #text = '';

  /** Reads `streams` to their ends, so that the process can always write. */
  constructor(...streams: readonly Readable[]) {
    for (const stream of streams) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#text = (this.#text + text).slice(-CHARACTERS_MAX);
      });
    }
  }

  get text(): string {
    return this.#text;
  }

  /** The last line that says something; empty when there is none. */
  get line(): string {
    return lastLineOf(this.#text);
  }
}

/** The last line of a text that says something; empty when there is none. */
export function lastLineOf(text: string): string {
  return text.trimEnd().split('\n').at(-1)!.trim();
}

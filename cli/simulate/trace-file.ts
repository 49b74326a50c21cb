import { closeSync, openSync, writeSync } from 'node:fs';
import { fileReason } from '../../local/state/file-error.ts';
import { Failure } from '../shell/failure.ts';

/** Lines are gathered to pieces of about this many characters. */
const PIECE_CHARACTERS = 1 << 16;

/** A text file that is written line by line in the middle of a simulation, which cannot wait. */
export class TraceFile {
  readonly #path: string;
  readonly #file: number;
  #piece = '';
  #failure: unknown = null;

  /** Throws `Failure` when the file cannot be opened. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Never throws: the ordering in whose call this happens would be blamed for it. `close` does. */
  write(line: string): void {
    this.#piece += `${line}\n`;
    if (this.#piece.length >= PIECE_CHARACTERS) this.#flush();
  }

  /** Throws `Failure` when anything could not be written. */
  close(): void {
    this.#flush();
    closeSync(this.#file);
    if (this.#failure !== null) throw this.#explain(this.#failure);
  }

  #flush(): void {
    const piece = Buffer.from(this.#piece);
    this.#piece = '';
    try {
      for (let from = 0; from < piece.length && this.#failure === null;) {
        from += writeSync(this.#file, piece, from);
      }
    } catch (error) {
      this.#failure = error;
    }
  }

  #explain(error: unknown): Failure {
    return new Failure(`the trace ${this.#path} cannot be written: ${fileReason(error)}`);
  }
}

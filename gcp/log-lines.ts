import { writeSync } from 'node:fs';

/** Writes bytes and gives how many it took, or throws: `writeSync` on one descriptor. */
export type WriteBytes = (bytes: Uint8Array) => number;

/**
 * Lines of a log that never get in the way of what they tell about. A full disk, a closed terminal or a
 * reader that does not keep up costs lines, and nothing else: the process goes on, and once there is room
 * again the log says how many lines it lost, and why.
 *
 * Node's own streams are no good here: an error of `process.stdout` that nobody listens to ends the
 * process, and one that is listened to closes the stream for good.
 */
export class LogLines {
  readonly #write: WriteBytes;
  readonly #describeLoss: (lines: number, reason: string) => string;
  #lost = 0;
  #reason = '';
  /** Whether the last line was cut off in the middle. */
  #isCut = false;

  /** `describeLoss` gives the line that stands for lost ones, with its line feed. */
  constructor(write: WriteBytes, describeLoss: (lines: number, reason: string) => string) {
    this.#write = write;
    this.#describeLoss = describeLoss;
  }

  /** Writes one line, which ends in a line feed, or drops it; never throws. */
  write(line: string): void {
    try {
      if (this.#lost > 0) this.#put(this.#describeLoss(this.#lost, this.#reason));
      this.#lost = 0;
      this.#put(line);
    } catch (error) {
      this.#lost += 1;
      this.#reason = error instanceof Error ? error.message : String(error);
    }
  }

  #put(line: string): void {
    let bytes: Uint8Array = Buffer.from(this.#isCut ? `\n${line}` : line);
    while (bytes.length > 0) {
      const written = this.#write(bytes);
      if (written <= 0) throw new Error('nothing was written');
      bytes = bytes.subarray(written);
      this.#isCut = bytes.length > 0;
    }
  }
}

/** Writes to a descriptor of this process at once: 1 is standard output, 2 standard error. */
export function toDescriptor(descriptor: number): WriteBytes {
  return (bytes) => writeSync(descriptor, bytes);
}

/**
 * What else writes to this process's standard streams, such as `console.log` in somebody's ordering,
 * must not end the process either.
 */
export function surviveFullOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

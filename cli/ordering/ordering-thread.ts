import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** What orderings may print in one command; the rest is left out. */
const PRINTED_MAX = 65_536;

let printed = 0;

/**
 * Starts a thread in which the code of an ordering runs. What that prints on standard output goes to standard error: the
 * former is for the results of the command, which programs read.
 */
export function startOrderingThread(file: URL, workerData: unknown): Worker {
  const worker = new Worker(file, { workerData, stdout: true });
  worker.stdout.setEncoding('utf8');
  worker.stdout.on('data', (text: string) => printOfOrdering(text, process.stderr));
  return worker;
}

/** How many megabytes of objects a thread may have, as any of this process. */
export function threadMemoryMb(): number {
  return Math.round(getHeapStatistics().heap_size_limit / 2 ** 20);
}

/** Whether a thread was ended because it took more than that. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** Prints what an ordering printed, unless it is too much. */
export function printOfOrdering(text: string, stream: { write(text: string): unknown }): void {
  const left = PRINTED_MAX - printed;
  if (left <= 0) return;
  printed += text.length;
  stream.write(text.slice(0, left));
  if (text.length < left) return;
  stream.write(
    `\nmpcomm: what the ordering prints beyond ${PRINTED_MAX / 1_024} KiB is left out\n`,
  );
}

/** Has `load` run an ordering's file in this thread, with what that prints on standard output on standard error. */
export async function withOutputAside<Result>(load: () => Promise<Result>): Promise<Result> {
  const { stdout } = process;
  const write = Reflect.getOwnPropertyDescriptor(stdout, 'write');
  stdout.write = (text: string | Uint8Array): boolean => {
    printOfOrdering(typeof text === 'string' ? text : Buffer.from(text).toString(), process.stderr);
    return true;
  };
  try {
    return await load();
  } finally {
    if (write === undefined) Reflect.deleteProperty(stdout, 'write');
    else Object.defineProperty(stdout, 'write', write);
  }
}

import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { formatNumber } from '../render/table.ts';

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
  worker.stdout.on('data', printOfOrdering);
  return worker;
}

/** A thread for the code of an ordering. It starts with its first task: one that gets none takes no processor time. */
export class OrderingThread {
  readonly #file: URL;
  readonly #workerData: unknown;
  #worker: Worker | null = null;

  constructor(file: URL, workerData: unknown) {
    this.#file = file;
    this.#workerData = workerData;
  }

  /** The worker, which is started if it is not yet. */
  start(): Worker {
    // What goes wrong is told to whoever waits for an answer; where nobody does, the next task fails.
    this.#worker ??= startOrderingThread(this.#file, this.#workerData).on('error', () => undefined);
    return this.#worker;
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}

/** Whether a thread was ended because it took more memory than it has. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** What an ordering did whose thread `isOutOfMemory`: a thread may have as many megabytes of objects as any of this process. */
export function describeOutOfMemory(): string {
  const megabytes = Math.round(getHeapStatistics().heap_size_limit / 2 ** 20);
  return `took more memory than its thread has (${formatNumber(megabytes)} MB)`;
}

/** Prints what an ordering printed, unless it is too much. */
function printOfOrdering(text: string): void {
  const left = PRINTED_MAX - printed;
  if (left <= 0) return;
  printed += text.length;
  process.stderr.write(text.slice(0, left));
  if (text.length < left) return;
  process.stderr.write(
    `\nmpcomm: what the ordering prints beyond ${PRINTED_MAX / 1_024} KiB is left out\n`,
  );
}

/** Has `load` run an ordering's file in this thread, with what that prints on standard output on standard error. */
export async function withOutputAside<Result>(load: () => Promise<Result>): Promise<Result> {
  const { stdout } = process;
  const write = Reflect.getOwnPropertyDescriptor(stdout, 'write');
  stdout.write = (text: string | Uint8Array): boolean => {
    printOfOrdering(typeof text === 'string' ? text : Buffer.from(text).toString());
    return true;
  };
  try {
    return await load();
  } finally {
    if (write === undefined) Reflect.deleteProperty(stdout, 'write');
    else Object.defineProperty(stdout, 'write', write);
  }
}

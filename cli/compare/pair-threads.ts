import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  ONE_HAND,
  workOf,
  type PairHands,
  type PairJob,
  type PairResult,
} from '../../core/judge/pairs/pair-jobs.ts';
import { PairBoard, sharePairs } from './pair-board.ts';

/** Each thread has room for two columns of its own, so that more threads would take more memory than the logs. */
const THREADS_MAX = 4;

/**
 * The deliveries of all pairs together from which on threads are begun: a delivery takes 0.04 µs, and a thread needs
 * some 50 ms of processor time to start.
 */
const THREADED_WORK_MIN = 4_000_000;

/**
 * How long the last jobs of other threads are waited for, which have begun before this thread found none
 * left. The longest that is known of took a second; after this time this thread does them itself.
 */
const WAIT_MS = 30_000;

export interface PairThreadsOptions {
  /** How many threads, the one that asks included; by default one a processor, 4 at most. */
  readonly threads?: number;
  readonly workMin?: number;
  readonly waitMs?: number;
}

/**
 * Measures pairs of large logs on several threads at once, of which the one that asks is one: so it may block, and has to
 * wait for none to start. What comes out is the same to the last bit as with one thread.
 */
export function createPairThreads({
  threads = Math.min(availableParallelism(), THREADS_MAX),
  workMin = THREADED_WORK_MIN,
  waitMs = WAIT_MS,
}: PairThreadsOptions = {}): PairHands {
  if (threads < 2) return ONE_HAND;
  return {
    allocate: (length) =>
      new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT)),
    begin: (jobs) => {
      const others = Math.min(threads, jobs.length) - 1;
      return others < 1 || workOf(jobs) < workMin
        ? ONE_HAND.begin(jobs)
        : beginOnThreads(jobs, others, waitMs);
    },
  };
}

function beginOnThreads(
  jobs: readonly PairJob[],
  others: number,
  waitMs: number,
): () => PairResult[] {
  const shared = sharePairs(jobs);
  const workers = Array.from({ length: others }, () => startWorker(shared));
  return () => {
    const board = new PairBoard(shared);
    board.workOn();
    const results = board.collect(waitMs);
    for (const worker of workers) void worker.terminate();
    return results;
  };
}

function startWorker(workerData: ReturnType<typeof sharePairs>): Worker {
  const worker = new Worker(new URL('./pair-worker.ts', import.meta.url), { workerData });
  // Whatever a thread fails of, what it leaves undone is done by the thread that asks.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

import { Worker } from 'node:worker_threads';
import type { OrderingSource } from '../../ordering/ordering-source.ts';
import { Failure, messageOf } from '../../shell/failure.ts';
import { HANG_MS } from '../check-pool.ts';
import type {
  AnswerTo,
  ExhaustiveAnswer,
  ExhaustiveTask,
  ExhaustiveWorkerData,
} from './exhaustive-task.ts';

const WATCH_PERIOD_MS = 500;

/** An ordering whose schedules do not come out the same again. */
export class UnrepeatableError extends Error {
  override name = 'UnrepeatableError';
}

/** One thread of the exhaustive search, which does one task at a time. */
export class ExhaustiveHand {
  readonly #worker: Worker;
  readonly #beats: Uint32Array;
  readonly #hangMs: number;

  /** No schedule takes `hangMs`, unless the ordering does not come back. */
  constructor(source: OrderingSource, { fresh = false, hangMs = HANG_MS } = {}) {
    const progress = new SharedArrayBuffer(4);
    const workerData: ExhaustiveWorkerData = { source, fresh, progress };
    const file = new URL('./exhaustive-worker.ts', import.meta.url);
    this.#worker = new Worker(file, { workerData });
    // What goes wrong is told to whoever asked last; before that nobody listens.
    this.#worker.on('error', () => undefined);
    this.#beats = new Uint32Array(progress);
    this.#hangMs = hangMs;
  }

  /** Throws `Failure`, `UnrepeatableError`, or the reason of the signal: then nothing more can be asked. */
  async perform<Name extends ExhaustiveTask['task']>(
    task: Extract<ExhaustiveTask, { task: Name }>,
    signal: AbortSignal,
  ): Promise<AnswerTo<Name>> {
    const hung = new AbortController();
    const watch = this.#watch((failure) => hung.abort(failure));
    try {
      const answer = await this.#answer(task, AbortSignal.any([signal, hung.signal]));
      if (answer.task === 'unrepeatable') throw new UnrepeatableError(answer.why);
      return answer as AnswerTo<Name>;
    } finally {
      clearInterval(watch);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #watch(onHang: (failure: Failure) => void): NodeJS.Timeout {
    let [seen, seenAtMs] = [-1, performance.now()];
    return setInterval(() => {
      const beats = this.#beats[0]!;
      if (beats !== seen) [seen, seenAtMs] = [beats, performance.now()];
      if (performance.now() - seenAtMs <= this.#hangMs) return;
      const seconds = this.#hangMs / 1_000;
      onHang(new Failure(`no schedule came to its end within ${seconds} s: the ordering hangs`));
    }, WATCH_PERIOD_MS);
  }

  #answer(task: ExhaustiveTask, signal: AbortSignal): Promise<ExhaustiveAnswer> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const onAnswer = (answer: ExhaustiveAnswer): void => finish(() => resolve(answer));
      const onError = (error: unknown): void =>
        finish(() => reject(new Failure(`the search failed: ${messageOf(error)}`)));
      const onExit = (status: number): void =>
        finish(() => reject(new Failure(`the search ended with status ${status}`)));
      const onAbort = (): void => finish(() => reject(signal.reason as Error));
      const finish = (settle: () => void): void => {
        signal.removeEventListener('abort', onAbort);
        worker.off('message', onAnswer).off('error', onError).off('exit', onExit);
        settle();
      };
      worker.on('message', onAnswer).on('error', onError).on('exit', onExit);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      else worker.postMessage(task);
    });
  }
}

import type { WorkerAnswer } from './ask-worker.ts';
import { startWorker, type WorkerName } from './worker-files.ts';

/** A worker did not answer in time; it was ended. */
export class WorkerSilent extends Error {
  override name = 'WorkerSilent';
}

const WORKERS_MAX = 8;

/** Workers that share a piece of work, as many as there are processors. */
export class WorkerPool<Question, Answer> {
  readonly #workers: Worker[];
  readonly #timeoutMs: number;

  /** `timeoutMs`: how long one question may take before its worker counts as hanging. */
  constructor(name: WorkerName, timeoutMs: number) {
    const count = Math.max(1, Math.min(WORKERS_MAX, navigator.hardwareConcurrency));
    this.#workers = Array.from({ length: count }, () => startWorker(name));
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#workers.length;
  }

  /** Asks worker number `place`. @throws WorkerSilent, or an Error with what the worker threw. */
  ask(place: number, question: Question): Promise<Answer> {
    const worker = this.#workers[place]!;
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        worker.removeEventListener('message', onMessage);
        worker.removeEventListener('error', onError);
        end();
      };
      const onMessage = ({ data }: MessageEvent<WorkerAnswer<Answer>>): void => {
        settle(() => ('error' in data ? reject(new Error(data.error)) : resolve(data.answer)));
      };
      const onError = ({ message }: ErrorEvent): void => {
        settle(() => reject(new Error(message === '' ? 'the worker did not start' : message)));
      };
      const timer = setTimeout(() => {
        worker.terminate();
        settle(() =>
          reject(new WorkerSilent(`no answer within ${this.#timeoutMs / 1_000} seconds`)),
        );
      }, this.#timeoutMs);
      worker.addEventListener('message', onMessage);
      worker.addEventListener('error', onError);
      worker.postMessage({ id: 0, question });
    });
  }

  close(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

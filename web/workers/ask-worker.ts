import { startWorker, type WorkerName } from './worker-files.ts';

/** What a worker sends back: what was asked for, or what went wrong. */
export type WorkerAnswer<T> =
  { readonly id: number; readonly answer: T } | { readonly id: number; readonly error: string };

/** A worker that answers one question at a time; a question that nobody waits for any more is dropped. */
export interface WorkerAsker<Question, Answer> {
  /**
   * Asks, and gives up whatever was asked before.
   * @returns the answer, or `null` once a later question has taken the place of this one.
   */
  ask(question: Question): Promise<Answer | null>;
  /** Ends the worker; whoever waits for an answer gets `null`. */
  close(): void;
}

/** A worker that is busy with an outdated question for longer than this is started anew, in milliseconds. */
const OUTDATED_MS = 300;

/**
 * Puts a worker behind a promise. Only the newest question is of interest: while somebody drags a slider,
 * those in between are never begun.
 */
export function askerOf<Question, Answer>(name: WorkerName): WorkerAsker<Question, Answer> {
  return new LatestAsker<Question, Answer>(name);
}

interface Pending<Question, Answer> {
  readonly id: number;
  readonly question: Question;
  readonly resolve: (answer: Answer | null) => void;
  readonly reject: (error: Error) => void;
}

class LatestAsker<Question, Answer> implements WorkerAsker<Question, Answer> {
  readonly #name: WorkerName;
  #worker: Worker | null = null;
  #running: Pending<Question, Answer> | null = null;
  #next: Pending<Question, Answer> | null = null;
  #count = 0;

  constructor(name: WorkerName) {
    this.#name = name;
  }

  ask(question: Question): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      this.#next?.resolve(null);
      this.#count += 1;
      this.#next = { id: this.#count, question, resolve, reject };
      if (this.#running === null) this.#begin();
      else this.#giveUpAfter(this.#running.id);
    });
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#running?.resolve(null);
    this.#next?.resolve(null);
    this.#running = null;
    this.#next = null;
  }

  #begin(): void {
    const next = this.#next;
    if (next === null) return;
    this.#next = null;
    this.#running = next;
    this.#open().postMessage({ id: next.id, question: next.question });
  }

  #open(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = startWorker(this.#name);
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer<Answer>>) => {
      this.#settle(data);
    });
    worker.addEventListener('error', (event) => {
      const id = this.#running?.id ?? -1;
      this.#settle({
        id,
        error: event.message === '' ? 'the worker did not start' : event.message,
      });
    });
    this.#worker = worker;
    return worker;
  }

  #settle(data: WorkerAnswer<Answer>): void {
    const running = this.#running;
    if (running === null || running.id !== data.id) return;
    this.#running = null;
    if ('error' in data) running.reject(new Error(data.error));
    else running.resolve(this.#next === null ? data.answer : null);
    this.#begin();
  }

  #giveUpAfter(id: number): void {
    setTimeout(() => {
      if (this.#running?.id !== id || this.#next === null) return;
      this.#worker?.terminate();
      this.#worker = null;
      this.#running.resolve(null);
      this.#running = null;
      this.#begin();
    }, OUTDATED_MS);
  }
}

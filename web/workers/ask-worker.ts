import { messageFrom } from '../shared/message-from.ts';
import { startWorker, type WorkerName } from './worker-files.ts';

/** What a worker sends back: what was asked for, or what went wrong. */
export type WorkerAnswer<T> =
  | { readonly id: number; readonly answer: T }
  | { readonly id: number; readonly error: string };

/** A worker that answers one question at a time; a question that nobody waits for any more is dropped. */
export interface WorkerAsker<Question, Answer> {
  /**
   * Asks, and gives up whatever was asked before.
   * @returns the answer, or `null` once a later question has taken the place of this one. Where there is none, a
   * worker that did not load or does not answer, it says so, and the next question starts another worker.
   */
  ask(question: Question): Promise<Answer | null>;
  /** Ends the worker; whoever waits for an answer gets `null`. */
  close(): void;
}

/** A worker that is busy with an outdated question for longer than this is started anew, in milliseconds. */
const OUTDATED_MS = 300;
/**
 * The longest time of a question to what somebody typed, in milliseconds: ten schedules take a second at most, and
 * shrinking has a bound of its own.
 */
const OWN_MS_MAX = 60_000;
const SILENT =
  'The ordering did not end within a minute: something in it goes on for ever outside a loop.';

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
  #worker: Promise<Worker> | null = null;
  #running: Pending<Question, Answer> | null = null;
  #next: Pending<Question, Answer> | null = null;
  #count = 0;
  #timer = 0;

  constructor(name: WorkerName) {
    this.#name = name;
  }

  ask(question: Question): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      this.#next?.resolve(null);
      this.#count += 1;
      this.#next = { id: this.#count, question, resolve, reject };
      if (this.#running === null) this.#begin();
      else this.#giveUpLater(this.#running);
    });
  }

  close(): void {
    this.#next?.resolve(null);
    this.#next = null;
    this.#endWorker();
    this.#settle(({ resolve }) => resolve(null));
  }

  #begin(): void {
    const next = this.#next;
    if (next === null) return;
    this.#next = null;
    this.#running = next;
    if (this.#name === 'own') this.#timer = setTimeout(() => this.#fail(SILENT), OWN_MS_MAX);
    this.#worker ??= this.#start();
    this.#worker
      .then((worker) => worker.postMessage({ id: next.id, question: next.question }))
      .catch((error: unknown) => {
        if (this.#running === next) this.#fail(messageFrom(error));
      });
  }

  async #start(): Promise<Worker> {
    const worker = await startWorker(this.#name);
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer<Answer>>) => {
      if (this.#running?.id !== data.id) return;
      this.#settle(({ resolve, reject }) => {
        if ('error' in data) reject(new Error(data.error));
        else resolve(this.#next === null ? data.answer : null);
      });
    });
    worker.addEventListener('error', ({ message }: { readonly message?: string }) => {
      this.#fail(message || 'the worker did not start');
    });
    return worker;
  }

  /** Whatever went wrong with the worker, it is not asked again: the next question starts another. */
  #fail(message: string): void {
    this.#endWorker();
    this.#settle(({ reject }) => reject(new Error(message)));
  }

  #endWorker(): void {
    this.#worker?.then((worker) => worker.terminate()).catch(() => undefined);
    this.#worker = null;
  }

  /** Ends the question that was asked, and begins the next. */
  #settle(end: (running: Pending<Question, Answer>) => void): void {
    const running = this.#running;
    if (running === null) return;
    clearTimeout(this.#timer);
    this.#running = null;
    end(running);
    this.#begin();
  }

  #giveUpLater(outdated: Pending<Question, Answer>): void {
    setTimeout(() => {
      if (this.#running !== outdated || this.#next === null) return;
      this.#endWorker();
      this.#settle(({ resolve }) => resolve(null));
    }, OUTDATED_MS);
  }
}

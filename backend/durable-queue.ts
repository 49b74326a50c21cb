import { setTimeout as sleep } from 'node:timers/promises';

/** Items handled at once, as the cloud's flow control allows. */
export const HANDLERS_MAX = 8;

/**
 * How many refused items keep their count of refusals; the count of an item that vanished never leaves
 * by itself.
 */
const REFUSALS_KEPT = 1_000;

/** The number under which the queue itself rests after its file failed; items are numbered from 1. */
const NO_ITEM = 0;
const FILE_REST_MS = 1_000;

/** How long `close` waits for handlers under way; what they leave undone comes again later. */
const CLOSE_MS_MAX = 10_000;

export interface QueueItem {
  readonly number: number;
}

export interface DurableQueueOptions<Item extends QueueItem> {
  /** For errors: whose queue it is. */
  readonly name: string;
  /** The oldest items of the file, without those numbered in `held`, at most `limit`. */
  readonly due: (held: readonly number[], limit: number) => readonly Item[];
  /** Does the work and then deletes the item; the item comes again when the promise rejects. */
  readonly handle: (item: Item) => Promise<void>;
  readonly onError: (error: Error) => void;
  /** How long a refused item rests at first, and at most; the rest doubles with each refusal. */
  readonly restMsMin: number;
  readonly restMsMax: number;
}

/**
 * Works off items that a file keeps until they were handled: each at least once, several at a time, and
 * an item that is refused again and again holds up no other. Only this process knows which items are
 * under way, so an item that a crash interrupts is simply still in the file.
 */
export class DurableQueue<Item extends QueueItem> {
  readonly #options: DurableQueueOptions<Item>;
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #resting = new Map<number, NodeJS.Timeout>();
  readonly #refusals = new Map<number, number>();
  #closed = false;

  constructor(options: DurableQueueOptions<Item>) {
    this.#options = options;
  }

  /** Takes due items, as far as handlers are free. It is to be called when the file may have changed. */
  look(): void {
    const free = HANDLERS_MAX - this.#underWay.size;
    // A file that fails is not asked again with each look, of which there are many a second.
    if (this.#closed || free === 0 || this.#resting.has(NO_ITEM)) return;
    try {
      const held = [...this.#underWay.keys(), ...this.#resting.keys()];
      for (const item of this.#options.due(held, free)) this.#begin(item);
    } catch (error) {
      this.#options.onError(error as Error);
      this.#rest(NO_ITEM, FILE_REST_MS);
    }
  }

  /** Takes nothing more and waits for handlers under way, for 10 s at most; then says which are left. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#resting.values()) clearTimeout(timer);
    const done = new AbortController();
    const patience = sleep(CLOSE_MS_MAX, 'late', { signal: done.signal }).catch(() => 'done');
    const handlers = Promise.all(this.#underWay.values());
    if ((await Promise.race([handlers, patience])) === 'late') this.#reportLate();
    done.abort();
  }

  #reportLate(): void {
    const left = [...this.#underWay.keys()].join(', ');
    const waited = `${CLOSE_MS_MAX / 1000} s`;
    this.#options.onError(
      new Error(`${this.#options.name} closed, but after ${waited} still had item ${left} in hand`),
    );
  }

  #begin(item: Item): void {
    const handled = this.#handle(item).finally(() => {
      this.#underWay.delete(item.number);
      this.look();
    });
    this.#underWay.set(item.number, handled);
  }

  /** Handles one item and never rejects: a refused item rests, and is then due again. */
  async #handle(item: Item): Promise<void> {
    try {
      await this.#options.handle(item);
      this.#refusals.delete(item.number);
    } catch (error) {
      if (!this.#closed) this.#options.onError(error as Error);
      this.#rest(item.number, this.#restMs(item.number));
    }
  }

  #restMs(number: number): number {
    const refusals = this.#refusals.get(number) ?? 0;
    if (this.#refusals.size >= REFUSALS_KEPT) this.#refusals.clear();
    this.#refusals.set(number, refusals + 1);
    return Math.min(this.#options.restMsMin * 2 ** refusals, this.#options.restMsMax);
  }

  #rest(number: number, ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#resting.get(number));
    const wake = () => {
      this.#resting.delete(number);
      this.look();
    };
    this.#resting.set(number, setTimeout(wake, ms));
  }
}

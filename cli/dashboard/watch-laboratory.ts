import { setTimeout as sleep } from 'node:timers/promises';
import type { LaboratoryStatus } from '../../control/api/dashboard-documents.ts';
import { messageOf } from '../shell/failure.ts';
import { answerWithin } from './answer-within.ts';
import type { StatusReader } from './read-status.ts';

/** Gets what is new. */
export type StatusListener = (status: LaboratoryStatus) => void;

/** Who looks. */
export type WatchedReader = Pick<StatusReader, 'backend' | 'read' | 'trouble'>;

/** How often the documents are looked at, in ms; in the cloud each look costs a dozen reads. */
const PERIODS_MS = {
  here: { busy: 200, idle: 1_000 },
  gcp: { busy: 1_000, idle: 5_000 },
} as const;
const LOOK_MS_MAX = 8_000;

/**
 * Looks at the laboratory on behalf of all pages at once, as long as one listens, and tells them what is new. One
 * look follows the other, so that a store that answers slowly is not asked more and more; meanwhile the pages are
 * told that it does.
 */
export class LaboratoryWatch {
  readonly #reader: WatchedReader;
  readonly #lookMsMax: number;
  readonly #listeners = new Set<StatusListener>();
  #last: LaboratoryStatus | null = null;
  #stop: AbortController | null = null;

  /** `lookMsMax`: how long a look may take before the pages are told that the store is slow. */
  constructor(reader: WatchedReader, lookMsMax = LOOK_MS_MAX) {
    this.#reader = reader;
    this.#lookMsMax = lookMsMax;
  }

  /** Calls `listener` with the last status, if there is one, and with each that differs; gives the way out. */
  listen(listener: StatusListener): () => void {
    this.#listeners.add(listener);
    if (this.#last !== null) listener(this.#last);
    if (this.#stop === null) {
      this.#stop = new AbortController();
      void this.#watch(this.#stop.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** Stops looking; whoever listens afterwards begins anew. */
  close(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#last = null;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const periods = PERIODS_MS[this.#reader.backend === 'gcp' ? 'gcp' : 'here'];
    while (!signal.aborted) {
      const look = this.#reader.read();
      const status = await this.#inTime(look);
      if (signal.aborted) return;
      this.#tell(status);
      // A look that takes longer goes on: the next one begins after it.
      await look.catch(() => undefined);
      const phase = status.progress?.phase;
      const isBusy = phase === 'joining' || phase === 'running' || phase === 'comparing';
      await sleep(isBusy ? periods.busy : periods.idle, undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  async #inTime(look: Promise<LaboratoryStatus>): Promise<LaboratoryStatus> {
    try {
      const late = `The store has not answered for ${this.#lookMsMax / 1_000} s.`;
      return await answerWithin(look, this.#lookMsMax, late);
    } catch (error) {
      return this.#reader.trouble(messageOf(error), this.#last);
    }
  }

  #tell(status: LaboratoryStatus): void {
    const before = this.#last;
    this.#last = status;
    if (before !== null && sameBut(before, status)) return;
    for (const listener of this.#listeners) listener(status);
  }
}

/** Whether nothing is new but when it was looked at. */
function sameBut(one: LaboratoryStatus, other: LaboratoryStatus): boolean {
  return JSON.stringify({ ...one, lookedAtMs: 0 }) === JSON.stringify({ ...other, lookedAtMs: 0 });
}

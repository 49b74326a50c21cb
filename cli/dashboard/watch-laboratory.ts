import { setTimeout as sleep } from 'node:timers/promises';
import type { LaboratoryStatus } from '../../control/api/dashboard-documents.ts';
import { messageOf } from '../shell/failure.ts';
import { answerWithin } from './answer-within.ts';
import type { StatusReader } from './read-status.ts';

/** It is called with the status whenever that is new. */
export type StatusListener = (status: LaboratoryStatus) => void;

/** Finds out the status. */
export type WatchedReader = Pick<StatusReader, 'backend' | 'read' | 'trouble'>;

/** How often the documents are looked at while a run or a grid goes on and otherwise, and how long a look may take, in ms. */
export interface WatchPace {
  readonly busyMs: number;
  readonly idleMs: number;
  /** When a look has taken this long, the pages are told that the store is slow. */
  readonly lookMsMax: number;
}

const PACE_HERE: WatchPace = { busyMs: 200, idleMs: 1_000, lookMsMax: 8_000 };
/** Looks are rarer in the cloud, where each one costs a dozen reads. */
const PACE_IN_CLOUD: WatchPace = { busyMs: 1_000, idleMs: 5_000, lookMsMax: 8_000 };

/**
 * Looks at the laboratory on behalf of all pages at once, as long as one listens, and tells them what is new.
 * A look begins only when the one before has ended, so that questions to a slow store do not pile up; the
 * pages are told that it is slow.
 */
export class LaboratoryWatch {
  readonly #reader: WatchedReader;
  readonly #pace: WatchPace;
  readonly #listeners = new Set<StatusListener>();
  #last: LaboratoryStatus | null = null;
  #stop: AbortController | null = null;

  constructor(reader: WatchedReader, pace?: WatchPace) {
    this.#reader = reader;
    this.#pace = pace ?? (reader.backend === 'gcp' ? PACE_IN_CLOUD : PACE_HERE);
  }

  /**
   * Calls `listener` with the last status, if there is one, and with each that differs; returns a function
   * that ends that.
   */
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
    const { busyMs, idleMs } = this.#pace;
    while (!signal.aborted) {
      const look = this.#reader.read();
      const status = await this.#inTime(look);
      if (signal.aborted) return;
      this.#tell(status);
      // A look that takes longer goes on: the next one begins after it.
      await look.catch(() => undefined);
      const phase = status.progress?.phase;
      const isRunning = phase === 'joining' || phase === 'running' || phase === 'comparing';
      const isBusy = isRunning || status.grid?.state === 'measuring';
      await sleep(isBusy ? busyMs : idleMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #inTime(look: Promise<LaboratoryStatus>): Promise<LaboratoryStatus> {
    try {
      const { lookMsMax } = this.#pace;
      const late = `The store has not answered for ${lookMsMax / 1_000} s.`;
      return await answerWithin(look, lookMsMax, late);
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

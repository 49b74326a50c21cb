import { type Chunk, type EventPieceFields, paths, type Report } from '../../control/documents.ts';
import type { DocumentFields, Store } from '../../control/ports.ts';
import type { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { encodeEvents } from '../../core/records/event-codec.ts';
import type { EventLog } from '../../core/records/event-log.ts';
import { type EncodedChunk, encodeChunks } from '../../core/records/sequence-codec.ts';
import { type Clock, sleep } from '../clock.ts';

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

export interface UploadTarget {
  readonly store: Pick<Store, 'create'>;
  readonly runId: string;
  readonly peerId: string;
  /** How many members the run has. */
  readonly size: number;
  /** Until when writes are tried: a reading of the monotonic clock, in microseconds. */
  readonly giveUpAtUs: number;
}

/**
 * Brings a member's deliveries to the store while the run goes on, as write-once chunks, in order.
 * There is one write at a time, and each is tried again until the run's time is over. A write that was
 * repeated because its answer was lost finds its document there, which is as good. The events of a
 * recording run go the same way, beside the chunks.
 */
export class Uploader {
  chunks = 0;
  readonly #target: UploadTarget;
  readonly #sequence: DeliveredSequence;
  readonly #clock: Clock;
  readonly #onRetry: (error: Error) => void;
  readonly #events: EventLog | null;
  #deliveries = 0;
  #multicasts = 0;
  #eventPieces = 0;
  #eventsUploaded = 0;
  /** All writes until now, one after another; stays rejected once one was given up. */
  #writes: Promise<void> = Promise.resolve();
  #writing = false;

  constructor(
    target: UploadTarget,
    sequence: DeliveredSequence,
    clock: Clock,
    onRetry: (error: Error) => void,
    events: EventLog | null = null,
  ) {
    this.#target = target;
    this.#sequence = sequence;
    this.#clock = clock;
    this.#onRetry = onRetry;
    this.#events = events;
  }

  /** Uploads what is new, unless the last upload is still under way. */
  flush(): void {
    if (!this.#writing) void this.drain().catch(() => undefined);
  }

  /** Uploads everything, then the report; throws when the time to try was over. */
  async finish(report: Report): Promise<void> {
    await this.drain();
    const { runId, peerId } = this.#target;
    await this.#create(paths.report(runId, peerId), { ...report, chunks: this.chunks });
  }

  /** Waits for writes under way, and uploads what is new then; throws when the time to try was over. */
  drain(): Promise<void> {
    this.#writes = this.#writes.then(() => this.#uploadNew());
    return this.#writes;
  }

  async #uploadNew(): Promise<void> {
    this.#writing = true;
    try {
      await Promise.all([this.#uploadChunks(), this.#uploadEvents()]);
    } finally {
      this.#writing = false;
    }
  }

  async #uploadChunks(): Promise<void> {
    const from = { deliveries: this.#deliveries, multicasts: this.#multicasts };
    for (const chunk of encodeChunks(this.#sequence, this.#target.size, from)) {
      await this.#uploadChunk(chunk);
    }
  }

  async #uploadEvents(): Promise<void> {
    if (this.#events === null) return;
    const { runId, peerId } = this.#target;
    for (const { events, bytes } of encodeEvents(this.#events, this.#eventsUploaded)) {
      const fields: EventPieceFields = { peerId, index: this.#eventPieces, events };
      await this.#create(paths.eventPiece(runId, peerId, this.#eventPieces), fields, bytes);
      this.#eventPieces += 1;
      this.#eventsUploaded += events;
    }
  }

  async #uploadChunk({ deliveries, multicasts, bytes }: EncodedChunk): Promise<void> {
    const { runId, peerId } = this.#target;
    const fields: Chunk = { peerId, index: this.chunks, deliveries, multicasts };
    await this.#create(paths.chunk(runId, peerId, this.chunks), fields, bytes);
    this.#deliveries += deliveries;
    this.#multicasts += multicasts;
    this.chunks += 1;
  }

  async #create(path: string, fields: DocumentFields, bytes?: Uint8Array): Promise<void> {
    for (let delayMs = RETRY_MS_MIN; ; delayMs = Math.min(delayMs * 2, RETRY_MS_MAX)) {
      try {
        await this.#target.store.create(path, fields, bytes);
        return;
      } catch (error) {
        const leftMs = (this.#target.giveUpAtUs - this.#clock.monotonicUs()) / 1_000;
        if (leftMs < delayMs) throw new Error(`gave up writing ${path}`, { cause: error });
        this.#onRetry(error as Error);
        await sleep(this.#clock, delayMs);
      }
    }
  }
}

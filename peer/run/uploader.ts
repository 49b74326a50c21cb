import { type Chunk, type EventPieceFields, paths, type Report } from '../../control/documents.ts';
import type { DocumentFields, Store } from '../../control/ports.ts';
import type { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { type EventPiece, encodeEvents } from '../../core/records/event-codec.ts';
import type { EventLog } from '../../core/records/event-log.ts';
import {
  type EncodedChunk,
  encodeChunks,
  type SequenceCursor,
} from '../../core/records/sequence-codec.ts';
import { type Clock, sleep } from '../clock.ts';

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

/** What is to be created in the store. */
export interface UnwrittenDocument {
  readonly path: string;
  readonly fields: DocumentFields;
  readonly bytes?: Uint8Array;
}

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
  /** How much is uploaded or in the chunks under way. */
  #encoded: SequenceCursor = { deliveries: 0, multicasts: 0 };
  /** What is encoded and not known to be in the store: it may be there already, so that it must stay as it is. */
  #chunksUnderWay: EncodedChunk[] = [];
  #eventPieces = 0;
  #eventsEncoded = 0;
  #eventsUnderWay: EventPiece[] = [];
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
    const fields = { ...report, chunks: this.chunks };
    await this.#create({ path: paths.report(runId, peerId), fields });
  }

  /**
   * What is left to create of the deliveries and the events until now, and the report: for another thread, which
   * uploads it where this one cannot go on.
   */
  remainder(report: Report): UnwrittenDocument[] {
    this.#encodeChunks();
    this.#encodeEvents();
    const chunks = this.chunks + this.#chunksUnderWay.length;
    const { runId, peerId } = this.#target;
    return [
      ...this.#chunksUnderWay.map((chunk, at) => this.#chunkDocument(chunk, this.chunks + at)),
      ...this.#eventsUnderWay.map((piece, at) =>
        this.#eventDocument(piece, this.#eventPieces + at),
      ),
      { path: paths.report(runId, peerId), fields: { ...report, chunks } },
    ];
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
    this.#encodeChunks();
    for (let chunk; (chunk = this.#chunksUnderWay[0]) !== undefined; this.#chunksUnderWay.shift()) {
      await this.#create(this.#chunkDocument(chunk, this.chunks));
      this.chunks += 1;
    }
  }

  async #uploadEvents(): Promise<void> {
    this.#encodeEvents();
    for (let piece; (piece = this.#eventsUnderWay[0]) !== undefined; this.#eventsUnderWay.shift()) {
      await this.#create(this.#eventDocument(piece, this.#eventPieces));
      this.#eventPieces += 1;
    }
  }

  /** Adds what is new to the chunks under way. */
  #encodeChunks(): void {
    for (const chunk of encodeChunks(this.#sequence, this.#target.size, this.#encoded)) {
      this.#chunksUnderWay.push(chunk);
      this.#encoded = {
        deliveries: this.#encoded.deliveries + chunk.deliveries,
        multicasts: this.#encoded.multicasts + chunk.multicasts,
      };
    }
  }

  #encodeEvents(): void {
    if (this.#events === null) return;
    for (const piece of encodeEvents(this.#events, this.#eventsEncoded)) {
      this.#eventsUnderWay.push(piece);
      this.#eventsEncoded += piece.events;
    }
  }

  #chunkDocument(
    { deliveries, multicasts, bytes }: EncodedChunk,
    index: number,
  ): UnwrittenDocument {
    const { runId, peerId } = this.#target;
    const fields: Chunk = { peerId, index, deliveries, multicasts };
    return { path: paths.chunk(runId, peerId, index), fields, bytes };
  }

  #eventDocument({ events, bytes }: EventPiece, index: number): UnwrittenDocument {
    const { runId, peerId } = this.#target;
    const fields: EventPieceFields = { peerId, index, events };
    return { path: paths.eventPiece(runId, peerId, index), fields, bytes };
  }

  async #create({ path, fields, bytes }: UnwrittenDocument): Promise<void> {
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

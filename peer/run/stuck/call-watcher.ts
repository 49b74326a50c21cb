import { Worker } from 'node:worker_threads';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Logger } from '../../log.ts';
import type { UnwrittenDocument } from '../uploader.ts';
import { CallNotes } from './call-notes.ts';
import { encodeDocuments, SURRENDER } from './surrendered.ts';
import { notingCalls } from './watched-ordering.ts';

/** Ends the member whose ordering does not come back, and gives what is left to create in the store. */
export type Surrender = (failure: string) => readonly UnwrittenDocument[];

/**
 * Watches the calls of an ordering that may loop for ever, from a thread of its own (call-watch-worker.ts).
 *
 * Node's main thread cannot be made to go on after such a call: it does not survive that its execution is terminated, nor
 * that a frame of it is restarted. But V8 lets a debugger evaluate an expression in the midst of a loop. So the other thread
 * has this one end its member there, and say what is not in the store yet; it creates that, and ends the process.
 */
export class CallWatcher {
  readonly #notes = new CallNotes();

  constructor(surrender: Surrender, log: Logger) {
    Reflect.set(globalThis, Symbol.for(SURRENDER), (count: number, failure: string) => {
      // The call may have come back just now.
      return this.#notes.count === count ? encodeDocuments(surrender(failure)) : null;
    });
    const { memory } = this.#notes;
    const file = new URL('./call-watch-worker.ts', import.meta.url);
    const worker = new Worker(file, { workerData: memory });
    worker.unref();
    // So it is where the daemon is one bundled file, as on deployed machines, which get no ordering from a file.
    worker.on('error', (error) => {
      log.warn({ err: error }, 'an ordering that does not come back from a call will go unnoticed');
    });
  }

  watched(entry: OrderingEntry): OrderingEntry {
    const { create, createUnpacked } = entry;
    return {
      ...entry,
      create: notingCalls(create, this.#notes),
      ...(createUnpacked && { createUnpacked: notingCalls(createUnpacked, this.#notes) }),
    };
  }
}

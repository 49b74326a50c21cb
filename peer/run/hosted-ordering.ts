import { Kind, Message } from '../../core/message.ts';
import type { Blockage, Ordering } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { createStream, Stream } from '../../core/base/random-streams.ts';
import type { Outbox } from './outbox.ts';
import type { Recorder } from './recorder.ts';

export interface HostedOrderingOptions {
  readonly entry: OrderingEntry;
  readonly self: number;
  readonly size: number;
  readonly seed: number;
  /** What each message carries, by its sequence number. */
  readonly payloadOf: (sequence: number) => Uint8Array;
  readonly outbox: Outbox;
  readonly recorder: Recorder;
}

/**
 * The ordering of one member in the daemon: its effects fill the outbox and the recorder, and what it
 * throws is a failure of its member, nothing more. An ordering that threw is in no known state, so it
 * stays silent from then on.
 */
export class HostedOrdering {
  readonly #options: HostedOrderingOptions;
  /** `null` when it could not even be created. */
  readonly #ordering: Ordering | null;
  /** Why it is not called any more; `null` while it is. */
  failure: string | null = null;
  #now = 0;
  #recording = true;

  constructor(options: HostedOrderingOptions) {
    this.#options = options;
    let ordering: Ordering | null = null;
    this.#guard(() => {
      ordering = this.#create();
    });
    this.#ordering = ordering;
  }

  get deadline(): number {
    return this.failure === null ? this.#ordering!.deadline : Infinity;
  }

  /** From now on what it delivers counts no more: the run has ended here. */
  stopRecording(): void {
    this.#recording = false;
  }

  /** What it waits for; `null` where that is nothing, or it is not known. */
  blockage(): Blockage | null {
    let blockage: Blockage | null = null;
    if (this.failure === null) this.#guard(() => (blockage = this.#ordering!.blockage?.() ?? null));
    return blockage;
  }

  multicast(now: number, sequence: number): void {
    const { self, payloadOf } = this.#options;
    const message = new Message(Kind.data, self, sequence, payloadOf(sequence));
    this.#options.recorder.multicast(now, sequence);
    this.#call(now, (ordering) => ordering.multicast(now, message));
  }

  /** All messages of one datagram from `from`. */
  receive(now: number, from: number, messages: readonly Message[]): void {
    const { recorder } = this.#options;
    this.#call(now, (ordering) => {
      for (const message of messages) {
        recorder.arrived(now, message);
        ordering.receive(now, from, message);
      }
      recorder.observeHeld(ordering.held);
    });
  }

  advance(now: number): void {
    if (this.deadline <= now) this.#call(now, (ordering) => ordering.advance(now));
  }

  #multicastToOthers(message: Message): void {
    const { self, size, outbox } = this.#options;
    for (let to = 0; to < size; to += 1) if (to !== self) outbox.add(to, message);
  }

  #create(): Ordering {
    const { entry, self, size, seed, outbox, recorder } = this.#options;
    return entry.create(
      { self, size, random: createStream(seed, Stream.ordering, self) },
      {
        multicast: (message) => this.#multicastToOthers(message),
        send: (to, message) => outbox.add(to, message),
        deliver: (message) => {
          if (this.#recording) recorder.deliver(this.#now, message);
        },
      },
    );
  }

  #call(now: number, work: (ordering: Ordering) => void): void {
    const ordering = this.#ordering;
    if (ordering === null || this.failure !== null) return;
    this.#now = now;
    this.#guard(() => work(ordering));
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      this.failure = `the ordering failed: ${what}`;
    }
  }
}

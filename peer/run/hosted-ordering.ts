import { Kind, Message } from '../../core/message.ts';
import type { Blockage, Ordering } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { createStream, Stream } from '../../core/base/random-streams.ts';
import { requireMessage } from '../../core/require-message.ts';
import type { Payloads } from '../../control/workload.ts';
import type { Outbox } from './outbox.ts';
import type { Recorder } from './recorder.ts';

export interface HostedOrderingOptions {
  readonly entry: OrderingEntry;
  readonly self: number;
  readonly size: number;
  readonly seed: number;
  /** As in Group. */
  readonly messageBytesMax?: number;
  /** The payload of each message of the run. */
  readonly payloads: Payloads;
  readonly outbox: Outbox;
  readonly recorder: Recorder;
  /** Whether the run is recorded for pictures, which show the application's messages and no packs. */
  readonly unpacked?: boolean;
}

/**
 * The ordering of one member in the daemon: its effects fill the outbox and the recorder, and an error
 * that it throws is a failure of its member, nothing more. The state of an ordering that threw is
 * unknown, so it is not called again.
 */
export class HostedOrdering {
  readonly #options: HostedOrderingOptions;
  /** The ordering; `null` when it could not even be created. */
  readonly #ordering: Ordering | null;
  /** Why the ordering is not called any more; `null` while it is. */
  failure: string | null = null;
  #now = 0;
  #recording = true;
  #stopped = false;

  constructor(options: HostedOrderingOptions) {
    this.#options = options;
    let ordering: Ordering | null = null;
    this.#guard(() => {
      ordering = this.#create();
    });
    this.#ordering = ordering;
  }

  get deadline(): number {
    return this.#isLive ? this.#ordering!.deadline : Infinity;
  }

  /** How many messages the ordering holds back. */
  get held(): number {
    return this.#isLive ? this.#ordering!.held : 0;
  }

  /**
   * Ends the run here: what the ordering delivers from now on counts no more. So it goes on answering
   * others only if it has delivered everything. Otherwise it takes part no more, as if its member had
   * crashed, because nobody may be helped to deliver a message by a delivery that nobody writes down.
   */
  end(isComplete: boolean): void {
    this.#recording = false;
    this.#stopped = !isComplete;
  }

  /** What the ordering waits for; `null` where that is nothing, or is not known. */
  blockage(): Blockage | null {
    let blockage: Blockage | null = null;
    if (this.#isLive) this.#guard(() => (blockage = this.#ordering!.blockage?.() ?? null));
    return blockage;
  }

  multicast(now: number, sequence: number): void {
    const { self, payloads } = this.#options;
    const message = new Message(Kind.data, self, sequence, payloads.of(self, sequence));
    this.#options.recorder.multicast(now, sequence);
    this.#call(now, (ordering) => ordering.multicast(now, message));
  }

  /** Takes in all messages of one datagram from `from`. */
  receive(now: number, from: number, messages: readonly Message[]): void {
    const { recorder } = this.#options;
    this.#call(now, (ordering) => {
      const packs = ordering.packs === true;
      for (const message of messages) {
        recorder.arrived(now, message, packs);
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
    requireMessage(message, 'sends');
    for (let to = 0; to < size; to += 1) if (to !== self) outbox.add(to, message);
  }

  #create(): Ordering {
    const { entry, self, size, seed, messageBytesMax, outbox, recorder } = this.#options;
    const { unpacked = false } = this.#options;
    const create = unpacked ? (entry.createUnpacked ?? entry.create) : entry.create;
    return create(
      {
        self,
        size,
        random: createStream(seed, Stream.ordering, self),
        ...(messageBytesMax !== undefined && { messageBytesMax }),
      },
      {
        multicast: (message) => this.#multicastToOthers(message),
        send: (to, message) => {
          requireMessage(message, 'sends');
          outbox.add(to, message);
        },
        deliver: (message) => {
          requireMessage(message, 'delivers');
          if (this.#recording) recorder.deliver(this.#now, message);
        },
        holdsBack: (to) => outbox.holdsBack(to),
      },
    );
  }

  #call(now: number, work: (ordering: Ordering) => void): void {
    if (!this.#isLive) return;
    this.#now = now;
    this.#guard(() => work(this.#ordering!));
  }

  get #isLive(): boolean {
    return this.failure === null && !this.#stopped;
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

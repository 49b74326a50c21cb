import { WINDOW_MIN } from '../../core/channels/congestion-window.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Blockage, Deliver, Ordering } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { createStream, Stream } from '../../core/base/random-streams.ts';
import { requireMessage } from '../../core/require-message.ts';
import type { Payloads } from '../../control/workload.ts';
import type { Outbox } from './outbox.ts';
import type { Recorder } from './recorder.ts';
import type { RunEvents } from './run-events.ts';

/** A member multicasts nothing while more messages than a channel's least window wait in one. */
const BACKED_UP_MAX = WINDOW_MIN;

export interface HostedOrderingOptions {
  readonly entry: OrderingEntry;
  readonly self: number;
  readonly size: number;
  readonly seed: number;
  /** The most bytes that a message may take, as in Group. */
  readonly messageBytesMax: number;
  /** The payload of each message of the run. */
  readonly payloads: Payloads;
  readonly outbox: Outbox;
  readonly recorder: Recorder;
  /** The record of all events, for pictures, which show the application's messages and no packs; `null` without one. */
  readonly events: RunEvents | null;
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

  /** Whether so much waits in one of the ordering's channels that messages that can wait elsewhere should. */
  get isFull(): boolean {
    return this.#isLive && (this.#ordering!.isBackedUp?.(BACKED_UP_MAX) ?? false);
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

  /** Multicasts `count` messages at one instant, from number `first` on. */
  multicast(now: number, first: number, count = 1): void {
    const ordering = this.#ordering;
    if (count === 1 || !this.#isLive || ordering?.multicastAll === undefined) {
      for (let each = first; each < first + count; each += 1) this.#multicastOne(now, each);
      return;
    }
    this.#now = now;
    const messages: Message[] = [];
    for (let each = first; each < first + count; each += 1) {
      messages.push(this.#multicastOf(now, each));
    }
    try {
      ordering.multicastAll(now, messages);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Takes in all messages of one datagram from `from`. */
  receive(now: number, from: number, messages: readonly Message[]): void {
    if (!this.#isLive) return;
    this.#now = now;
    const { recorder } = this.#options;
    const ordering = this.#ordering!;
    const packs = ordering.packs === true;
    try {
      for (const message of messages) {
        recorder.arrived(now, message, packs);
        ordering.receive(now, from, message);
      }
      recorder.observeHeld(ordering.held);
    } catch (error) {
      this.#fail(error);
    }
  }

  advance(now: number): void {
    if (this.deadline > now) return;
    this.#options.events?.timer(now);
    this.#now = now;
    try {
      this.#ordering!.advance(now);
    } catch (error) {
      this.#fail(error);
    }
  }

  #multicastOne(now: number, sequence: number): void {
    const message = this.#multicastOf(now, sequence);
    if (!this.#isLive) return;
    this.#now = now;
    try {
      this.#ordering!.multicast(now, message);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Own message number `sequence`, which is multicast now. */
  #multicastOf(now: number, sequence: number): Message {
    const { self, payloads, recorder } = this.#options;
    recorder.multicast(now, sequence);
    return new Message(Kind.data, self, sequence, payloads.of(self, sequence));
  }

  #multicastToOthers(message: Message): void {
    const { self, size, outbox } = this.#options;
    requireMessage(message, 'sends');
    for (let to = 0; to < size; to += 1) if (to !== self) outbox.add(to, message);
  }

  #create(): Ordering {
    const { entry, self, size, seed, messageBytesMax, outbox, events } = this.#options;
    const create = events !== null ? (entry.createUnpacked ?? entry.create) : entry.create;
    return create(
      {
        self,
        size,
        random: createStream(seed, Stream.ordering, self),
        messageBytesMax,
      },
      {
        multicast: (message) => this.#multicastToOthers(message),
        send: (to, message) => {
          requireMessage(message, 'sends');
          outbox.add(to, message);
        },
        deliver: this.#deliver(),
        // The log of a recorded run does not tell this, and has to explain what the channels did.
        ...(events === null && { holdsBack: (to: number) => outbox.holdsBack(to) }),
      },
    );
  }

  #deliver(): Deliver {
    const { recorder } = this.#options;
    const deliver = (message: Message): void => {
      requireMessage(message, 'delivers');
      if (this.#recording) recorder.deliver(this.#now, message);
    };
    const pack = (packed: Message): void => {
      requireMessage(packed, 'delivers');
      if (this.#recording) recorder.deliverPack(this.#now, packed);
    };
    return Object.assign(deliver, { pack });
  }

  get #isLive(): boolean {
    return this.failure === null && !this.#stopped;
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const what = error instanceof Error ? error.message : String(error);
    this.failure = `the ordering failed: ${what}`;
  }
}

import { toError } from '../../core/base/to-error.ts';
import { requireDeadline, Spins } from '../../core/deadline-rules.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Blockage, Deliver, Ordering } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { createStream, Stream } from '../../core/base/random-streams.ts';
import { requireDestination } from '../../core/require-destination.ts';
import { requireMessage } from '../../core/require-message.ts';
import type { Outbox } from './flow/outbox.ts';
import type { Recorder } from './recorder.ts';
import type { RunEvents } from './run-events.ts';

export interface HostedOrderingOptions {
  readonly entry: OrderingEntry;
  readonly self: number;
  readonly size: number;
  readonly seed: number;
  /** The most bytes that a message may take, as in Group. */
  readonly messageBytesMax: number;
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
  /** What the ordering said of itself after its last call: nothing once it is called no more. */
  deadline = Infinity;
  /** How many messages the ordering holds back. */
  held = 0;
  /** Whether messages wait in one of the ordering's channels, so that a further multicast would wait behind them. */
  isBackedUp = false;
  readonly #spins = new Spins();
  #now = 0;
  #recording = true;
  #stopped = false;

  constructor(options: HostedOrderingOptions) {
    this.#options = options;
    let ordering: Ordering | null = null;
    try {
      ordering = this.#create();
      this.#look(ordering);
    } catch (error) {
      this.#fail(error);
    }
    this.#ordering = ordering;
  }

  /**
   * Ends the run here: what the ordering delivers from now on counts no more. So it goes on answering
   * others only if it has delivered everything. Otherwise it takes part no more, as if its member had
   * crashed, because nobody may be helped to deliver a message by a delivery that nobody writes down.
   */
  end(isComplete: boolean): void {
    this.#recording = false;
    if (!isComplete) this.#stop();
  }

  /** What the ordering waits for; `null` where that is nothing, or is not known. */
  blockage(): Blockage | null {
    let blockage: Blockage | null = null;
    this.#call((ordering) => (blockage = ordering.blockage?.() ?? null));
    return blockage;
  }

  /** Multicasts `count` messages at one instant, from number `first` on. */
  multicast(now: number, first: number, count: number): void {
    this.#call((ordering) => {
      this.#now = now;
      if (count > 1 && ordering.multicastAll !== undefined) {
        ordering.multicastAll(now, this.#multicastsOf(now, first, count));
      } else {
        for (let each = first; each < first + count; each += 1) {
          ordering.multicast(now, this.#multicastOf(now, each));
        }
      }
      this.#look(ordering);
    });
  }

  /** Takes in all messages of one datagram from `from`. */
  receive(now: number, from: number, messages: readonly Message[]): void {
    this.#call((ordering) => {
      this.#now = now;
      const { recorder } = this.#options;
      const packs = ordering.packs === true;
      for (const message of messages) {
        recorder.arrived(now, message, packs);
        ordering.receive(now, from, message);
      }
      this.#look(ordering);
      recorder.observeHeld(this.held);
    });
  }

  /** Lets the ordering do what is due. */
  advance(now: number): void {
    if (this.deadline > now) return;
    this.#options.events?.timer(now);
    this.#call((ordering) => {
      this.#now = now;
      ordering.advance(now);
      this.#look(ordering);
      this.#spins.advanced(now, this.deadline);
    });
  }

  /** Reads what the ordering says of itself, while an error is its member's alone: getters may throw as well. */
  #look(ordering: Ordering): void {
    const { deadline, held, isBackedUp } = ordering;
    requireDeadline(deadline);
    this.deadline = deadline;
    this.held = held;
    this.isBackedUp = isBackedUp === true;
  }

  #multicastsOf(now: number, first: number, count: number): Message[] {
    const messages: Message[] = [];
    for (let each = first; each < first + count; each += 1) {
      messages.push(this.#multicastOf(now, each));
    }
    return messages;
  }

  /** Own message number `sequence`, which is multicast now. */
  #multicastOf(now: number, sequence: number): Message {
    const { self, recorder } = this.#options;
    recorder.multicast(now, sequence);
    return new Message(Kind.data, self, sequence, recorder.payloads.of(self, sequence));
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
          requireDestination(to, self, size);
          requireMessage(message, 'sends');
          outbox.add(to, message);
        },
        deliver: this.#deliver(),
        // A recorded run is replayed from its log alone, which does not say what waited for credit.
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

  /** Calls the ordering, unless it is called no more. */
  #call(work: (ordering: Ordering) => void): void {
    if (this.#stopped) return;
    try {
      work(this.#ordering!);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Calls the ordering no more, because of `failure`; also while a call of it is under way. */
  giveUp(failure: string): void {
    this.failure = failure;
    this.#stop();
  }

  #fail(error: unknown): void {
    const { explain } = this.#options.entry;
    this.giveUp(`the ordering failed: ${explain?.(error, true) ?? toError(error).message}`);
  }

  #stop(): void {
    this.#stopped = true;
    this.deadline = Infinity;
    this.held = 0;
    this.isBackedUp = false;
  }
}

import type { RunPlan } from '../control/command.ts';
import { DatagramType, decodeMessages, encodeMessages, type Header } from '../core/datagram.ts';
import { Kind, Message } from '../core/message.ts';
import type { Ordering, Out } from '../core/ordering.ts';
import type { OrderingEntry } from '../core/orderings/registry.ts';
import { createRandom } from '../core/random.ts';
import { Conversation } from './conversation.ts';
import type { DatagramChannel } from './datagram-channel.ts';
import { decideEnding, type Ending, settleAt, type Standing } from './ending.ts';
import { Outbox } from './outbox.ts';
import type { Recorder } from './recorder.ts';
import { Schedule } from './schedule.ts';

/** Deliveries wait at most this long for their upload. */
const FLUSH_US = 500_000;
/** A member whose run ended answers late questions for this long after the last member finished. */
const LINGER_US = 1_000_000;
/** Messages multicast at one wake-up at most, so that receiving gets its turn. */
const MULTICASTS_PER_TICK_MAX = 64;
/** Words that keep the random streams of one seed apart. */
const STREAM = 0x6f_72_64;

export interface SessionOptions {
  readonly plan: RunPlan;
  /** This member's index in the plan. */
  readonly self: number;
  readonly entry: OrderingEntry;
  readonly channel: DatagramChannel;
  readonly recorder: Recorder;
  /** Microseconds as integers, never going back. */
  readonly clock: () => number;
  /** The clock's readings at which joining is over, and the run. */
  readonly joinByUs: number;
  readonly deadlineUs: number;
  /** There may be deliveries to upload. */
  readonly onFlush: () => void;
  /** Called once; afterwards nothing more is recorded. */
  readonly onEnd: (ending: Ending) => void;
}

/**
 * One member's part in one run, from the handshake to the last answer that it owes the others.
 *
 * Its decisions are made by pure parts: Handshake and ProgressExchange (in Conversation), Schedule,
 * the ordering, decideEnding. It moves when a datagram comes (`receive`) and when the time that it asked for
 * (`wakeAt`) has come (`tick`); it has no timer, no socket and no store of its own.
 */
export class Session {
  readonly outbox: Outbox;
  readonly #options: SessionOptions;
  readonly #schedule: Schedule;
  readonly #conversation: Conversation;
  readonly #ordering: Ordering;
  readonly #payload: Uint8Array;
  #now: number;
  #started = false;
  #flushAt = Infinity;
  #lastArrivalAt: number;
  #ending: Ending | null = null;
  #closeAt = Infinity;
  #closed = false;

  constructor(options: SessionOptions) {
    const { plan, self } = options;
    const size = plan.members.length;
    this.#options = options;
    this.#now = options.clock();
    this.#lastArrivalAt = this.#now;
    this.#conversation = new Conversation(self, size, options.channel, this.#now);
    this.#schedule = new Schedule(plan.messages, plan.intervalMs, plan.seed, self);
    this.#payload = new Uint8Array(plan.payloadBytes).fill(self);
    this.outbox = new Outbox(size, (to, messages) =>
      options.channel.send(to, DatagramType.messages, (header) => encodeMessages(header, messages)),
    );
    const group = { self, size, random: createRandom(plan.seed, STREAM, self) };
    this.#ordering = options.entry.create(group, this.#out());
  }

  /** The clock's reading at which `tick` is to be called; `Infinity` once closed. */
  get wakeAt(): number {
    if (this.#closed) return Infinity;
    const { joinByUs, deadlineUs } = this.#options;
    if (this.#ending !== null) {
      return Math.min(this.#orderingDeadline, this.#conversation.progress.deadline, this.#closeAt);
    }
    if (!this.#started)
      return Math.min(this.#conversation.handshake.deadline, joinByUs, deadlineUs);
    return Math.min(
      this.#schedule.nextAt,
      this.#orderingDeadline,
      this.#conversation.progress.deadline,
      this.#flushAt,
      settleAt(this.#standing()),
      deadlineUs,
    );
  }

  /** Smallest round trip to each member that answered the handshake, in microseconds. */
  get roundTripUs(): ReadonlyMap<number, number> {
    return this.#conversation.handshake.roundTripUs;
  }

  /** Its run has ended, and what it delivered is final. */
  get ended(): boolean {
    return this.#ending !== null;
  }

  /** It has ended, and nobody needs its answers any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** A datagram came: it is checked and counted, and acted upon if it is sound and of this run. */
  receive(datagram: Uint8Array): void {
    if (this.#closed) return;
    this.#now = this.#options.clock();
    const header = this.#options.channel.open(datagram);
    if (header === null) return;
    this.#guard(() => this.#dispatch(header, datagram));
    this.#settle();
  }

  /** Does whatever is due. */
  tick(): void {
    if (this.#closed) return;
    this.#now = this.#options.clock();
    this.#guard(() => {
      if (!this.#started && this.#ending === null) this.#conversation.greet(this.#now);
      this.#multicastDue();
      if (this.#orderingDeadline <= this.#now) this.#ordering.advance(this.#now);
    });
    if (this.#flushAt <= this.#now) {
      this.#flushAt = this.#now + FLUSH_US;
      this.#options.onFlush();
    }
    this.#settle();
  }

  /** Ends this member's part now, with what it has. */
  abandon(reason: string): void {
    this.#now = this.#options.clock();
    this.#end({
      outcome: 'abandoned',
      reason,
      missing: this.#conversation.progress.without('finished'),
    });
  }

  /** Leaves the network; again is fine. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.channel.close();
  }

  #out(): Out {
    const { self, plan, recorder } = this.#options;
    return {
      multicast: (message) => {
        for (let to = 0; to < plan.members.length; to += 1) {
          if (to !== self) this.outbox.add(to, message);
        }
      },
      send: (to, message) => this.outbox.add(to, message),
      deliver: (message) => {
        if (this.#ending === null) recorder.deliver(this.#now, message);
      },
    };
  }

  /** An ordering that threw is in no known state: it is not called again. */
  get #orderingDeadline(): number {
    return this.#ending?.outcome === 'failed' ? Infinity : this.#ordering.deadline;
  }

  #dispatch(header: Header, datagram: Uint8Array): void {
    const isSound =
      header.type === DatagramType.messages
        ? this.#receiveMessages(header.sender, datagram)
        : this.#conversation.hear(this.#now, header, datagram);
    if (!isSound) this.#options.channel.drop('malformed');
  }

  #receiveMessages(from: number, datagram: Uint8Array): boolean {
    const messages = decodeMessages(datagram);
    if (messages === null) return false;
    if (this.#ending !== null && !this.#answersAfterEnd) {
      this.#options.channel.drop('late');
      return true;
    }
    this.#lastArrivalAt = this.#now;
    this.#conversation.handshake.hearMessages(from);
    for (const message of messages) {
      this.#options.recorder.arrived(this.#now, message);
      this.#ordering.receive(this.#now, from, message);
    }
    this.#options.recorder.observeHeld(this.#ordering.held);
    return true;
  }

  /** After its end, only an ordering whose messages others may still wait for goes on. */
  get #answersAfterEnd(): boolean {
    return this.#options.entry.retransmits && this.#ending?.outcome !== 'failed';
  }

  #multicastDue(): void {
    if (this.#ending !== null) return;
    for (let count = 0; count < MULTICASTS_PER_TICK_MAX; count += 1) {
      if (this.#schedule.nextAt > this.#now) return;
      const sequence = this.#schedule.next;
      this.#schedule.advance(this.#now);
      this.#options.recorder.multicast(this.#now, sequence);
      this.#ordering.multicast(
        this.#now,
        new Message(Kind.data, this.#options.self, sequence, this.#payload),
      );
    }
  }

  /** After every event: what follows from it, then all that waits to leave, leaves. */
  #settle(): void {
    if (!this.#started && this.#conversation.handshake.established) this.#start();
    if (this.#schedule.sentAll) this.#conversation.progress.declare(this.#now, 'sentAll');
    if (this.#options.recorder.complete) this.#conversation.progress.declare(this.#now, 'complete');
    if (this.#ending === null) {
      const ending = decideEnding({ ...this.#standing(), now: this.#now });
      if (ending !== null) this.#end(ending);
    }
    this.outbox.flush();
    this.#conversation.tellProgress(this.#now);
    if (this.#ending !== null) this.#linger();
  }

  #start(): void {
    this.#started = true;
    this.#schedule.start(this.#now);
    this.#flushAt = this.#now + FLUSH_US;
  }

  #end(ending: Ending): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    this.#flushAt = Infinity;
    this.#closeAt = Math.max(this.#options.deadlineUs, this.#now + LINGER_US);
    this.#conversation.progress.declare(this.#now, 'finished');
    this.#options.onEnd(ending);
  }

  /** Others may still need answers: until they all finished and know that this member has. */
  #linger(): void {
    if (this.#conversation.progress.without('finished').length === 0) {
      this.#closeAt = Math.min(this.#closeAt, this.#now + LINGER_US);
      if (this.#conversation.progress.unaware.length === 0 && this.#orderingDeadline === Infinity)
        this.close();
    }
    if (this.#now >= this.#closeAt) this.close();
  }

  #standing(): Omit<Standing, 'now'> {
    const { joinByUs, deadlineUs, recorder, entry } = this.#options;
    return {
      joinByUs,
      deadlineUs,
      started: this.#started,
      unheard: this.#conversation.handshake.unheard,
      complete: recorder.complete,
      idle: this.#orderingDeadline === Infinity,
      retransmits: entry.retransmits,
      sentAll: this.#schedule.sentAll,
      othersSending: this.#conversation.progress.without('sentAll'),
      othersIncomplete: this.#conversation.progress.without('complete'),
      lastArrivalAt: this.#lastArrivalAt,
    };
  }

  /** An ordering that throws ends its member's run, with the error as the reason; nothing else. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const reason = `the ordering failed: ${error instanceof Error ? error.message : String(error)}`;
      this.#end({ outcome: 'failed', reason, missing: [] });
    }
  }
}

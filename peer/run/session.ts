import { datagramBytesOf } from '../../control/command.ts';
import {
  DatagramType,
  decodeMessages,
  holdsMessages,
  messagesBytesIn,
  type DatagramHeader,
} from '../../core/wire/datagram.ts';
import type { Blockage } from '../../core/ordering.ts';
import { type Pace, type Schedule, scheduleOf } from '../../control/multicast-schedule.ts';
import { Conversation } from './conversation.ts';
import type { Ending } from './ending.ts';
import { EndWatch, type EndWatchOptions } from './end-watch.ts';
import { HostedOrdering } from './hosted-ordering.ts';
import type { SessionPhase } from './session-phase.ts';
import { ClosedLoop } from './flow/closed-loop.ts';
import { PlannedLoop } from './flow/planned-loop.ts';
import { Outflow, type OutflowOptions } from './flow/outflow.ts';

/** Deliveries and events wait at most this long for their upload. */
const FLUSH_US = 500_000;
/** A member whose run ended answers late questions for this long after the last member finished. */
const LINGER_US = 1_000_000;
/** The most messages multicast at one instant, so that receiving gets its turn. */
const MULTICASTS_AT_ONCE_MAX = 1_024;

export interface SessionOptions extends EndWatchOptions, OutflowOptions {
  /** Replaces the plan's; a bench that offers a load has one of its own. */
  readonly schedule?: Schedule;
  /** Is called when there may be deliveries or events to upload. */
  readonly onFlush: () => void;
  /** Is called once; afterwards no delivery is recorded. */
  readonly onEnd: (ending: Ending) => void;
}

/**
 * One member's part in one run, from the handshake to the last answer that it owes the others.
 *
 * Its decisions are made by pure parts: Handshake and ProgressExchange (in Conversation), Schedule, the ordering,
 * decideEnding. It moves when a datagram comes (`receive`) and when the time that it asked for (`wakeAt`) has come (`tick`).
 * It has no timer, no socket and no store of its own.
 */
export class Session {
  readonly outflow: Outflow;
  /** How many messages may be multicast: as fast as it goes, or as the plan says. */
  readonly #loop: ClosedLoop | PlannedLoop;
  readonly #options: SessionOptions;
  readonly #schedule: Schedule;
  readonly #conversation: Conversation;
  readonly #ordering: HostedOrdering;
  #now: number;
  #phase: SessionPhase = 'handshake';
  #flushAt = Infinity;
  readonly #endWatch: EndWatch;
  /** Whether the ordering still answers the others' messages once the run has ended here. */
  #answersMessages = false;
  /** What the ordering waited for when the run ended here without it. */
  blockage: Blockage | null = null;
  #closeAt = Infinity;

  constructor(options: SessionOptions) {
    const { plan, self } = options;
    const size = plan.members.length;
    this.#options = options;
    this.#now = options.clock();
    this.#conversation = new Conversation(self, size, options.channel, this.#now);
    this.#schedule = options.schedule ?? scheduleOf(plan, self);
    const datagramBytes = datagramBytesOf(plan);
    this.outflow = new Outflow(size, datagramBytes, this.roundTripUs, options);
    this.#loop = plan.intervalMs.max === 0 ? new ClosedLoop() : new PlannedLoop();
    this.#ordering = new HostedOrdering({
      entry: options.entry,
      self,
      size,
      seed: plan.seed,
      messageBytesMax: messagesBytesIn(datagramBytes),
      outbox: this.outflow.outbox,
      recorder: options.recorder,
      events: options.events,
    });
    this.#endWatch = new EndWatch(
      this.#now,
      options,
      this.#schedule,
      this.#ordering,
      this.#conversation,
    );
  }

  get pace(): Pace {
    return this.#schedule.pace;
  }

  /** The clock's reading at which `tick` is to be called; `Infinity` once closed. */
  get wakeAt(): number {
    if (this.closed) return Infinity;
    const { handshake, progress } = this.#conversation;
    if (this.#phase === 'handshake') return Math.min(handshake.deadline, this.#endWatch.lookAt);
    const answerAt = Math.min(
      this.outflow.deadline,
      this.#ordering.deadline,
      progress.deadline,
      this.#flushAt,
    );
    return this.ended
      ? Math.min(answerAt, this.#closeAt)
      : Math.min(answerAt, this.#multicastAt, this.#endWatch.lookAt);
  }

  /** Smallest round trip to each member that answered the handshake, in microseconds. */
  get roundTripUs(): ReadonlyMap<number, number> {
    return this.#conversation.handshake.roundTripUs;
  }

  /** Whether the member's run has ended, so that what it delivered is final. */
  get ended(): boolean {
    return this.#phase === 'answering' || this.#phase === 'closed';
  }

  /** Whether the run has ended and nobody needs the member's answers any more. */
  get closed(): boolean {
    return this.#phase === 'closed';
  }

  /**
   * Takes in a datagram. The caller calls `settle` once for all that came together, so that what they cause leaves together
   * as well. Returns false when it was none of this run's: nothing is to settle.
   */
  receive(datagram: Uint8Array): boolean {
    if (this.closed) return false;
    this.#readClock();
    const header = this.#options.channel.open(datagram);
    if (header === null) return false;
    this.#endWatch.heard(this.#now, header);
    if (!this.#takeIn(header, datagram)) this.#options.channel.drop('malformed');
    return true;
  }

  /**
   * Does whatever is due; the caller then calls `settle`, which may be much later, as turns are long while datagrams pile up
   * (Turns). What is due does not wait for that: when it did, members that are slow sent more datagrams for each delivery.
   */
  tick(): void {
    if (this.closed) return;
    this.#readClock();
    if (this.#phase === 'handshake') this.#conversation.greet(this.#now);
    this.#doDue();
    if (this.#flushAt > this.#now) return;
    this.#flushAt = this.#now + FLUSH_US;
    this.#options.onFlush();
  }

  /** Does what follows from what happened; then everything that waits to leave leaves. */
  settle(): void {
    if (this.closed) return;
    if (this.#phase === 'handshake' && this.#conversation.handshake.established) this.#start();
    // What came may have made room for more.
    this.#doDue();
    if (this.#options.recorder.complete && !this.ended)
      this.#conversation.progress.declare(this.#now, 'complete');
    this.#endIfOver();
    this.outflow.flush();
    // A message that waits for room was not sent yet: the others must not take it for lost.
    const hasSentAll = this.#schedule.sentAll && !this.outflow.waits;
    if (hasSentAll) this.#conversation.progress.declare(this.#now, 'sentAll');
    this.#conversation.tellProgress(this.#now);
    if (this.ended) this.#linger();
  }

  /** Ends this member's part now, with what it has; changes nothing once it has left the network. */
  abandon(reason: string): void {
    if (this.closed) return;
    this.#now = this.#options.clock();
    this.#end({ outcome: 'abandoned', reason, missing: [] });
    // Members that go on need not wait for what will not come.
    this.#conversation.tellProgress(this.#now);
  }

  /**
   * Ends this member's part because a call of its ordering does not come back. It may be called from within that
   * call: the ordering is not called again.
   */
  giveUp(failure: string): void {
    this.#ordering.giveUp(failure);
    this.settle();
  }

  /** Leaves the network; a second call changes nothing. */
  close(): void {
    if (this.closed) return;
    this.#phase = 'closed';
    this.#options.channel.close();
  }

  #readClock(): void {
    this.#now = this.#options.clock();
    this.outflow.setClock(this.#now);
    this.#endWatch.noteActive(this.#now);
  }

  /** Acts upon a datagram of this run, by its type; false, and without effect, when its body is malformed. */
  #takeIn(header: DatagramHeader, datagram: Uint8Array): boolean {
    if (holdsMessages(header)) return this.#receiveMessages(header, datagram);
    if (header.type === DatagramType.credit) return this.outflow.hearCredit(header, datagram);
    return this.#conversation.hear(this.#now, header, datagram);
  }

  #receiveMessages({ sender: from, type, packet }: DatagramHeader, datagram: Uint8Array): boolean {
    const messages = decodeMessages(datagram);
    if (messages === null) return false;
    this.outflow.received(from, packet, type === DatagramType.lastMessages);
    if (this.ended && !this.#answersMessages) {
      this.#options.channel.drop('late');
      return true;
    }
    if (this.#phase === 'handshake') this.#conversation.handshake.hearMessages(from);
    this.#options.events?.arrived(this.#now, from, packet, messages);
    this.#ordering.receive(this.#now, from, messages);
    return true;
  }

  /** When to multicast next, as far as time decides it: `Infinity` while there is no room. */
  get #multicastAt(): number {
    return this.#room > 0 ? this.#schedule.nextAt : Infinity;
  }

  /** How many messages may be multicast now without getting ahead of the others, or of the ordering. */
  get #room(): number {
    if (this.outflow.isFull || this.#ordering.isBackedUp) return 0;
    const [multicasts, delivered] = [this.#schedule.next, this.#options.recorder.distinctOwn];
    return Math.min(this.#loop.room(multicasts, delivered), MULTICASTS_AT_ONCE_MAX);
  }

  /** Multicasts what is due, all at one instant. */
  #multicastDue(): void {
    if (this.#phase !== 'running' || this.#ordering.failure !== null) return;
    const delivered = this.#options.recorder.distinctOwn;
    this.#loop.observe(this.#now, delivered);
    const first = this.#schedule.next;
    const count = this.#schedule.advanceAll(this.#now, this.#room);
    if (count === 0) return;
    this.#loop.multicast(this.#now, first, count, delivered);
    this.#ordering.multicast(this.#now, first, count);
  }

  /**
   * Multicasts what is due, and lets the ordering do what is. Before the run began it sends nothing: who hears it takes the
   * run for begun.
   */
  #doDue(): void {
    this.#multicastDue();
    if (this.#phase !== 'handshake') this.#ordering.advance(this.#now);
  }

  #start(): void {
    this.#phase = 'running';
    this.#endWatch.start(this.#now);
    this.#schedule.start(this.#now);
    this.#flushAt = this.#now + FLUSH_US;
  }

  /** Ends this member's part if its ordering failed, or if there is nothing more to wait for. */
  #endIfOver(): void {
    if (this.ended) return;
    const { failure } = this.#ordering;
    const ending: Ending | null =
      failure === null
        ? this.#endWatch.look(this.#now)
        : { outcome: 'failed', reason: failure, missing: [] };
    if (ending !== null) this.#end(ending);
  }

  #end(ending: Ending): void {
    if (this.ended) return;
    this.#phase = 'answering';
    const isComplete = ending.outcome === 'complete';
    if (!isComplete) this.blockage = this.#ordering.blockage();
    this.#ordering.end(isComplete);
    this.#answersMessages = isComplete && this.#options.entry.retransmits;
    this.#flushAt = this.#options.events === null ? Infinity : this.#now + FLUSH_US;
    this.#closeAt = Math.max(this.#options.deadlineUs, this.#now + LINGER_US);
    this.#conversation.progress.offer(this.#now, ending.parting ?? null);
    this.#conversation.progress.finish(this.#now, isComplete);
    this.#options.onEnd(ending);
  }

  /** Closes once all others finished and know that this member has; until then they may need answers. */
  #linger(): void {
    if (this.#conversation.progress.allFinished) {
      this.#closeAt = Math.min(this.#closeAt, this.#now + LINGER_US);
      if (this.#conversation.progress.unaware.length === 0 && this.#ordering.deadline === Infinity)
        this.close();
    }
    if (this.#now >= this.#closeAt) this.close();
  }
}

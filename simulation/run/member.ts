import { requireDeadline, Spins } from '../../core/deadline-rules.ts';
import { Kind, Message } from '../../core/message.ts';
import {
  type Create,
  type Deliver,
  isFaultAware,
  type Ordering,
  type Out,
} from '../../core/ordering.ts';
import { createStream, Stream } from '../../core/base/random-streams.ts';
import { requireDestination } from '../../core/require-destination.ts';
import { delivery, Seals } from './check-message.ts';
import { deliverPacksTo, deliverTo } from './deliver-to.ts';
import { MemberRecord } from './member-record.ts';
import { PausedSocket } from './paused-socket.ts';
import type { Scenario } from '../scenario.ts';
import { Schedule } from '../../control/multicast-schedule.ts';
import type { SimulationOptions } from '../simulation-result.ts';
import { type MemberTime, EventKind, requireNoStray, type World } from './world.ts';

/**
 * One member of a simulated run: its ordering, its clock, when it multicasts, and the effects that its
 * ordering has, for which it is the `Out`.
 */
export class Member implements Out {
  readonly record: MemberRecord;
  readonly schedule: Schedule;
  readonly ordering: Ordering;
  readonly deliver: Deliver;
  /** Whether the member has neither crashed nor failed. */
  running = true;
  /** What the ordering said after its last call, as it may throw when it is asked: that is the failure of a step, and of no look. */
  held = 0;
  deadline = Infinity;
  /** What happened while the member was paused and waits for it; `null` while it is not paused. */
  socket: PausedSocket | null = null;
  /** How many more packets the member sends before it crashes in the middle; -1: no such crash is due. */
  sendsLeft = -1;
  readonly #self: number;
  readonly #size: number;
  readonly #world: World;
  readonly #strict: boolean;
  readonly #clock: MemberTime;
  readonly #onCrash: () => void;
  readonly #resumeRandom: () => number;
  /** The deadline, on the member's own clock, for which a timer is set, and when that goes off. */
  #armedFor = Infinity;
  #armedAtUs = -1;
  /** Counts the calls of the ordering: effects of one call leave together. */
  #call = 0;
  readonly #spins = new Spins();
  readonly #seals = new Seals();

  /** `onCrash`: the member stops in the middle of a call, as a fault asked. */
  constructor(
    self: number,
    create: Create,
    scenario: Scenario,
    options: SimulationOptions,
    world: World,
    onCrash: () => void,
  ) {
    const { peers, messages, seed } = scenario;
    this.#self = self;
    this.#size = peers;
    this.#world = world;
    this.#strict = options.strict ?? false;
    this.#onCrash = onCrash;
    this.#clock = world.clockOf(self);
    this.#resumeRandom = createStream(seed, Stream.resume, self);
    const { measure = false } = options;
    this.record = new MemberRecord(self, peers, messages, measure, world.multicasts);
    this.schedule = new Schedule(messages, scenario.intervalUs, seed, self);
    // Nobody else looks at the messages of a run without an observer, so that none is made of a pack's bytes.
    const seesMessages = this.#strict || world.observer !== null;
    this.deliver = seesMessages ? deliverTo(this) : deliverPacksTo(this);
    const random = createStream(seed, Stream.ordering, self);
    this.ordering = create({ self, size: peers, random }, this);
  }

  /** Begins to have timers, and to multicast at `multicastsFromUs`. */
  begin(multicastsFromUs: number): void {
    this.schedule.start(this.#clock.read(multicastsFromUs));
    this.#scheduleMulticast();
    this.#arm(this.#world.nowUs);
  }

  /** Hands `message` to the member's ordering. */
  receive(from: number, message: Message): void {
    const { nowUs, observer } = this.#world;
    this.#call += 1;
    this.record.arrived(nowUs, message, this.ordering.packs === true);
    if (observer !== null) observer.arrive?.(nowUs, from, this.#self, message);
    this.ordering.receive(this.#clock.read(nowUs), from, message);
    this.#afterCall();
  }

  /** Acts when the member's timer goes off. */
  timer(): void {
    const { nowUs } = this.#world;
    // An earlier deadline came in between, and a timer was set for that instead.
    if (nowUs !== this.#armedAtUs) return;
    if (this.socket === null) return this.fire();
    this.#disarm();
    this.socket.noteDelay();
  }

  /** Calls the ordering when the time that it asked for has come on the member's own clock. */
  fire(): void {
    this.#disarm();
    this.#advanceIfDue();
  }

  #disarm(): void {
    this.#armedAtUs = -1;
    this.#armedFor = Infinity;
  }

  /** Tells its ordering that `member` seems to have crashed, if the ordering wants to know. */
  suspect(member: number): void {
    if (!isFaultAware(this.ordering)) return;
    this.#call += 1;
    this.ordering.suspect(this.#clock.read(this.#world.nowUs), member);
    this.#afterCall();
  }

  /** Multicasts all messages that are due, at one instant, as the daemon does. */
  multicastDue(): void {
    if (this.socket !== null) {
      this.socket.noteDelay();
      return;
    }
    const now = this.#clock.read(this.#world.nowUs);
    const first = this.schedule.next;
    const count = this.schedule.advanceAll(now, Infinity);
    // What was due was multicast when the member's pause ended.
    if (count === 0) return;
    this.#scheduleMulticast();
    this.#multicastAt(now, first, count);
  }

  /** Multicasts the next `count` messages at one instant, for whoever chooses when that is. */
  multicastNext(count = 1): void {
    const now = this.#clock.read(this.#world.nowUs);
    const first = this.schedule.next;
    for (let each = 0; each < count; each += 1) this.schedule.advance(now);
    this.#multicastAt(now, first, count);
  }

  /**
   * Resumes after a pause: all that waited is done now; a draw decides whether timers or packets come
   * first.
   */
  resume(socket: PausedSocket): void {
    this.socket = null;
    const isTimerFirst = this.#resumeRandom() < 0.5;
    if (isTimerFirst) this.#advanceIfDue();
    for (let index = 0; index < socket.length && this.running; index += 1) {
      this.receive(socket.senderAt(index), socket.messageAt(index));
    }
    if (!isTimerFirst && this.running) this.#advanceIfDue();
    const now = this.#clock.read(this.#world.nowUs);
    if (this.running && this.schedule.nextAt <= now) this.multicastDue();
  }

  /** The ordering's effects, as `Out` has them. */
  multicast(message: Message): void {
    for (let to = 0; to < this.#size; to += 1) {
      if (to !== this.#self) this.send(to, message);
    }
  }

  send(to: number, message: Message): void {
    if (this.#world.active !== this.#self) requireNoStray(this.#world, this.#self);
    if (!this.running) return;
    if (this.sendsLeft >= 0) {
      if (this.sendsLeft === 0) return this.#onCrash();
      this.sendsLeft -= 1;
    }
    requireDestination(to, this.#self, this.#size);
    const sent = this.#strict ? this.#seals.sealed(message) : message;
    this.record.sent(to, sent, this.#call);
    this.#world.transmit(this.#self, to, sent);
  }

  delivered(message: Message): void {
    if (this.#world.active !== this.#self) requireNoStray(this.#world, this.#self);
    if (!this.running) return;
    const delivered = this.#strict ? delivery(message) : message;
    const { nowUs, observer } = this.#world;
    this.record.delivered(nowUs, delivered);
    if (observer !== null) observer.deliver?.(nowUs, this.#self, delivered);
  }

  deliveredPack(packed: Message): void {
    if (this.running) this.record.deliveredPack(this.#world.nowUs, packed);
  }

  /** Notes that a layer of the ordering hands a message on to what it wraps. */
  handed(from: number, message: Message): void {
    const { nowUs, observer } = this.#world;
    if (observer !== null) observer.hand?.(nowUs, from, this.#self, message);
  }

  #multicastAt(now: number, first: number, count: number): void {
    if (count > 1 && this.ordering.multicastAll !== undefined) {
      this.#multicastTogether(now, first, count);
      return;
    }
    for (let each = first; each < first + count && this.running; each += 1) {
      this.#call += 1;
      this.ordering.multicast(now, this.#multicastOf(each));
      this.#afterCall();
    }
  }

  #multicastTogether(now: number, first: number, count: number): void {
    const { nowUs, observer } = this.#world;
    if (observer !== null) observer.burst?.(nowUs, this.#self, count);
    const messages: Message[] = [];
    for (let each = first; each < first + count; each += 1) messages.push(this.#multicastOf(each));
    this.#call += 1;
    this.ordering.multicastAll!(now, messages);
    this.#afterCall();
  }

  /** Own message number `sequence`, which is multicast now. */
  #multicastOf(sequence: number): Message {
    const { nowUs, observer, multicasts } = this.#world;
    const payload = multicasts.payloadFor(this.#self, sequence);
    const message = new Message(Kind.data, this.#self, sequence, payload);
    this.record.multicast(nowUs, sequence);
    if (observer !== null) observer.multicast?.(nowUs, this.#self, message);
    return message;
  }

  #advanceIfDue(): void {
    const { nowUs, observer } = this.#world;
    const now = this.#clock.read(nowUs);
    if (this.ordering.deadline <= now) {
      this.#call += 1;
      if (observer !== null) observer.advance?.(nowUs, this.#self);
      this.ordering.advance(now);
      this.#observeHeld();
    }
    if (!this.running) return;
    this.#spins.advanced(now, this.ordering.deadline);
    // A timer takes time: one that is already due again goes off a microsecond later.
    this.#arm(nowUs + 1);
  }

  #afterCall(): void {
    this.#observeHeld();
    if (this.running) this.#arm(this.#world.nowUs);
  }

  #observeHeld(): void {
    this.held = this.ordering.held;
    if (this.held > this.record.heldMax) this.record.heldMax = this.held;
  }

  /** Sets a timer for the ordering's deadline, unless one goes off before it anyway. */
  #arm(earliestUs: number): void {
    const { deadline } = this.ordering;
    requireDeadline(deadline);
    this.deadline = deadline;
    if (deadline >= this.#armedFor) return;
    this.#armedFor = deadline;
    this.#armedAtUs = Math.max(earliestUs, this.#clock.whenItReads(deadline));
    this.#world.schedule(this.#armedAtUs, EventKind.timer, this.#self);
  }

  #scheduleMulticast(): void {
    const { nextAt } = this.schedule;
    if (nextAt === Infinity) return;
    const atUs = Math.max(this.#world.nowUs, this.#clock.whenItReads(nextAt));
    this.#world.schedule(atUs, EventKind.multicast, this.#self);
  }
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import {
  type EventLog,
  EVENTS_MAX,
  EventType,
  type LoggedEvent,
} from '../../core/records/event-log.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import type { Choice } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import type { ChosenSetup } from '../choices/chosen-setup.ts';
import type { Observer } from '../observers/observer.ts';
import type { RecordedGame } from './record-choices.ts';
import { looksTheSame, type NamedMessage, RecordedPaths } from './recorded-paths.ts';
import { type TimerLateness, timerLatenesses } from './timer-lateness.ts';

/** How often a timer may go off for one event of a log without timers, before that is taken for a departure. */
const FIRES_MAX = 100;

/**
 * A timer whose effects a log shows may be set this much later in the game, because the timer before it was
 * taken for late.
 */
const EARLY_US = 20_000;

/** One member's log, and how far it has been played. */
interface Reading {
  readonly log: EventLog;
  next: number;
  delivered: number;
  /** By other member, how many of the messages for it were read. */
  readonly sent: number[];
  /** Whether the member did not do what its log says: it is played no further. */
  hasDeparted: boolean;
}

/**
 * A run that real members recorded, as a game with the same steps: each member does what its log says in the
 * order that it says and at the times that it says, and what arrives is the very message that its sender's log has
 * in that packet. Where the ordering does not do what a log says, its member stops there, the others go on as far
 * as they can without it, and the game says so.
 *
 * Logs tell everything that was done to an ordering: multicasts, arrivals, timers. Of older logs, which have no
 * timers (`EventLog.hasTimers`), it is concluded that one went off from what was sent or delivered and nothing else
 * explains, under several assumptions of how late timers are.
 *
 * `setup` has the run's own seed and payloads, without packs, since recorded runs have none. `offsetsUs`: what is
 * added to each member's times to put the steps of different members in a likely order; it changes nothing else.
 */
export function replayRecording(
  entry: OrderingEntry,
  setup: ChosenSetup,
  logs: readonly EventLog[],
  offsetsUs: readonly number[] = [],
): RecordedGame {
  let best: RecordedGame | null = null;
  const isTold = logs.every(({ hasTimers }) => hasTimers);
  for (const lateness of timerLatenesses().slice(0, isTold ? 1 : undefined)) {
    const replay = new RecordingReplay(entry, setup, logs, offsetsUs, lateness);
    const departs = replay.run();
    if (best === null || departs === null || replay.choices.length > best.choices.length) {
      best = { choices: [...replay.choices], departs };
    }
    if (departs === null) break;
  }
  return best!;
}

class RecordingReplay implements Observer {
  readonly choices: Choice[] = [];
  readonly #run: ChosenRun;
  readonly #readings: readonly Reading[];
  readonly #paths: RecordedPaths;
  /** By path, what was sent on it in the game, in the order of its packets' names. */
  readonly #sent = new Map<string, NamedMessage[]>();
  readonly #offsetsUs: readonly number[];
  readonly #lateness: TimerLateness;

  constructor(
    entry: OrderingEntry,
    setup: ChosenSetup,
    logs: readonly EventLog[],
    offsetsUs: readonly number[],
    lateness: TimerLateness,
  ) {
    this.#lateness = lateness;
    this.#offsetsUs = offsetsUs;
    this.#run = beginChosenRun(entry, setup, this);
    this.#paths = new RecordedPaths(logs);
    const { peers } = setup;
    this.#readings = logs.map((log) => {
      const sent = new Array<number>(peers).fill(0);
      return { log, next: 0, delivered: 0, sent, hasDeparted: false };
    });
  }

  send(_atUs: number, from: number, to: number, { kind, sender, sequence }: NamedMessage): void {
    const path = `${from}>${to}`;
    const sent = this.#sent.get(path);
    if (sent === undefined) this.#sent.set(path, [{ kind, sender, sequence }]);
    else sent.push({ kind, sender, sequence });
  }

  /** Plays every log to its end, as far as possible; why it stopped before, or `null`. */
  run(): string | null {
    let departure: string | null = null;
    for (let member = this.#next(); member >= 0; member = this.#next()) {
      const reading = this.#readings[member]!;
      const problem = this.#play(member, reading, reading.log.events[reading.next]!);
      reading.next += 1;
      if (problem !== null) reading.hasDeparted = true;
      departure ??= problem;
    }
    return departure ?? this.#describeStuck() ?? this.#describeFull() ?? this.#describeMore();
  }

  /** The member whose next event can be played, and came first; -1 where there is none. */
  #next(): number {
    let [first, firstUs] = [-1, Infinity];
    for (const [member, { log, next, hasDeparted }] of this.#readings.entries()) {
      const event = log.events[next];
      if (hasDeparted || event === undefined) continue;
      const atUs = event.atUs + (this.#offsetsUs[member] ?? 0);
      if (atUs < firstUs && this.#isReady(member, event)) [first, firstUs] = [member, atUs];
    }
    return first;
  }

  /**
   * An arrival waits until its sender has sent the message. That no log has a sending is found out when the
   * arrival is played.
   */
  #isReady(member: number, event: LoggedEvent): boolean {
    if (event.type !== EventType.arrive) return true;
    const names = this.#paths.namesOf(member, event);
    return names.length === 0 || this.#underWay(names) !== undefined;
  }

  /** A datagram may carry several messages that look the same: each arrives once. */
  #underWay(names: readonly string[]): string | undefined {
    return names.find((name) => this.#run.packets.get(name) !== undefined);
  }

  #play(member: number, reading: Reading, event: LoggedEvent): string | null {
    const { type, atUs } = event;
    switch (type) {
      case EventType.multicast:
        this.#fireBefore(member, reading, atUs);
        return this.#take({ act: 'multicast', member, atUs }, event, member);
      case EventType.arrive: {
        const packet = this.#underWay(this.#paths.namesOf(member, event));
        if (packet === undefined)
          return this.#describe(member, event, this.#whyUnknown(event.other));
        this.#fireBefore(member, reading, atUs);
        return this.#take({ act: 'deliver', packet, atUs }, event, member);
      }
      case EventType.timer:
        return this.#take({ act: 'fire', member, atUs }, event, member);
      case EventType.send:
      case EventType.discard:
        return this.#explainSend(member, reading, event);
      case EventType.deliver:
        return this.#explainDelivery(member, reading, event);
      case EventType.crash:
        return this.#take({ act: 'crash', member }, event, member);
      default:
        return null;
    }
  }

  #take(choice: Choice, event: LoggedEvent, member: number): string | null {
    if (!this.#run.allows(choice)) return this.#describe(member, event, 'is not possible here');
    this.#run.take(choice);
    this.choices.push(choice);
    return null;
  }

  #explainSend(member: number, reading: Reading, event: LoggedEvent): string | null {
    const path = `${member}>${event.other}`;
    const number = reading.sent[event.other]!;
    const isExplained = (): boolean => (this.#sent.get(path)?.length ?? 0) > number;
    this.#fireUntil(member, reading, event.atUs, isExplained);
    reading.sent[event.other]! += 1;
    const sent = this.#sent.get(path)?.[number];
    if (sent !== undefined && looksTheSame(sent, event)) return null;
    return this.#describe(member, event, 'has no cause that a log tells');
  }

  #explainDelivery(member: number, reading: Reading, event: LoggedEvent): string | null {
    const { sequence } = this.#run.members[member]!.record;
    const place = reading.delivered;
    this.#fireUntil(member, reading, event.atUs, () => sequence.length > place);
    reading.delivered += 1;
    const isSame =
      sequence.length > place &&
      sequence.senders[place] === event.sender &&
      sequence.sequences[place] === event.sequence;
    return isSame ? null : this.#describe(member, event, 'has no cause that a log tells');
  }

  /**
   * In a log without timers: lets the timers go off that are due, until the next event of the log is
   * explained.
   */
  #fireUntil(member: number, { log }: Reading, atUs: number, isExplained: () => boolean): void {
    if (log.hasTimers) return;
    for (let fires = 0; fires < FIRES_MAX && !isExplained(); fires += 1) {
      const seenAtUs = this.#lateness.isSeenLate ? atUs : 0;
      if (this.#run.deadlineOf(member) > atUs + EARLY_US || !this.#fire(member, seenAtUs)) return;
    }
  }

  /**
   * In a log without timers: lets the timers go off of which no event tells. Nobody saw what they did, but it
   * may count later.
   */
  #fireBefore(member: number, { log }: Reading, atUs: number): void {
    if (log.hasTimers) return;
    for (let fires = 0; fires < FIRES_MAX; fires += 1) {
      const slackUs = this.#lateness.slackUs();
      if (this.#run.deadlineOf(member) + slackUs >= atUs || !this.#fire(member)) return;
    }
  }

  /** A timer goes off at the time for which it was set, or when its first effect is in the log. */
  #fire(member: number, seenAtUs = 0): boolean {
    const atUs = Math.max(seenAtUs, Math.ceil(this.#run.deadlineOf(member)));
    const choice = { act: 'fire', member, atUs } as const;
    if (!this.#run.allows(choice)) return false;
    this.#run.take(choice);
    this.choices.push(choice);
    return true;
  }

  #describe(member: number, { type, atUs, sender, sequence }: LoggedEvent, why: string): string {
    const [what] = Object.entries(EventType).find(([, number]) => number === type)!;
    const about = type === EventType.timer ? what : `${what} (${sender},${sequence})`;
    return `at ${(atUs / 1_000).toFixed(3)} ms of peer ${member}, "${about}" ${why}`;
  }

  /** Why the log of `sender` does not have what somebody else received from it. */
  #whyUnknown(sender: number): string {
    const { events } = this.#readings[sender]!.log;
    if (events.length >= EVENTS_MAX) return `was sent after the record of peer ${sender} was full`;
    return events.at(-1)?.type === EventType.crash
      ? `was sent after the last upload of peer ${sender}, which left no report`
      : `is in nothing that peer ${sender} uploaded`;
  }

  /** A sentence about a member whose log was full before its part in the run was over; `null` without one. */
  #describeFull(): string | null {
    const member = this.#readings.findIndex(({ log }) => log.leftOut > 0);
    if (member < 0) return null;
    const { length } = this.#readings[member]!.log.events;
    return `peer ${member} recorded no more after its first ${length} events`;
  }

  #describeStuck(): string | null {
    const waiting = this.#readings.findIndex(({ log, next }) => next < log.events.length);
    if (waiting < 0) return null;
    const { log, next } = this.#readings[waiting]!;
    return this.#describe(waiting, log.events[next]!, 'waits for what was never sent');
  }

  /** A sentence about a member that delivers more in the game than its log has; `null` without one. */
  #describeMore(): string | null {
    for (const [member, { delivered }] of this.#readings.entries()) {
      const more = this.#run.members[member]!.record.sequence.length - delivered;
      if (more > 0) return `peer ${member} delivers ${more} more messages than it recorded`;
    }
    return null;
  }
}

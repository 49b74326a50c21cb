import { createStream, Stream } from '../../core/base/random-streams.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { type EventLog, EventType, type LoggedEvent } from '../../core/records/event-log.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import type { Choice } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import type { ChosenSetup } from '../choices/chosen-setup.ts';
import type { Observer } from '../observers/observer.ts';
import type { RecordedGame } from './record-choices.ts';

/** How often a timer may go off for one recorded event, before that is taken for a departure. */
const FIRES_MAX = 100;

/** A timer that something tells of may be set for this much later here, since the one before it was taken for late. */
const EARLY_US = 20_000;

/** What may be assumed of timers of which a log has no trace; the first with which all of it is explained counts. */
interface Lateness {
  /** A timer that nothing tells of goes off before events that are at least this much after its time. */
  readonly slackUs: () => number;
  /** One that something tells of goes off when that happened, and not when it was set for. */
  readonly isSeenLate: boolean;
}

/** What a timer may be late by; on a real machine each by something else. */
const SLACKS_US = [0, 200, 500, 1_000, 2_000, 4_000, 8_000, 20_000, Infinity];
/** How many mixtures of these are tried where none of them explains all of a run. */
const MIXTURES = 100;

function latenesses(): Lateness[] {
  const fixed = SLACKS_US.map((slackUs) => () => slackUs);
  const mixed = Array.from({ length: MIXTURES }, (_, seed) => {
    const random = createStream(seed, Stream.lateness);
    return () => SLACKS_US[Math.floor(random() * SLACKS_US.length)]!;
  });
  return [...fixed, ...mixed].flatMap((slackUs) => [
    { slackUs, isSeenLate: true },
    { slackUs, isSeenLate: false },
  ]);
}

interface Sent {
  readonly kind: number;
  readonly sender: number;
  readonly sequence: number;
}

/** One member's log, and how far it has been played. */
interface Reading {
  readonly events: readonly LoggedEvent[];
  next: number;
  delivered: number;
  /** By other member, how many sends were read. */
  readonly sent: number[];
}

/**
 * A run that real members recorded, as a game with the same steps: each member does what its log says in the
 * order that it says, and what arrives is the very message that its sender's log has in that packet. A log has
 * neither timers nor what a message says beyond its name; that a timer went off is concluded from what was sent
 * or delivered and nothing else explains. Where the ordering does not do what a log says, the game stops and says so.
 *
 * `setup` has the run's own seed and payloads, without packs, since recorded runs have none.
 */
export function replayRecording(
  entry: OrderingEntry,
  setup: ChosenSetup,
  logs: readonly EventLog[],
): RecordedGame {
  let best: RecordedGame | null = null;
  for (const lateness of latenesses()) {
    const replay = new RecordingReplay(entry, setup, logs, lateness);
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
  /** By path, what was sent on it, in the order of its packets' names. */
  readonly #sent = new Map<string, Sent[]>();
  /** By path and datagram, which sends of the path it carried. */
  readonly #datagrams = new Map<string, number[]>();

  readonly #lateness: Lateness;
  /** By member, how many events its log has no room for. */
  readonly #leftOut: readonly number[];

  constructor(
    entry: OrderingEntry,
    setup: ChosenSetup,
    logs: readonly EventLog[],
    lateness: Lateness,
  ) {
    this.#lateness = lateness;
    this.#run = beginChosenRun(entry, setup, this);
    const { peers } = setup;
    this.#readings = logs.map(({ events }) => {
      return { events, next: 0, delivered: 0, sent: new Array<number>(peers).fill(0) };
    });
    this.#leftOut = logs.map(({ leftOut }) => leftOut);
    for (const [member, { events }] of logs.entries()) this.#index(member, events);
  }

  send(_atUs: number, from: number, to: number, { kind, sender, sequence }: Sent): void {
    const path = `${from}>${to}`;
    const sent = this.#sent.get(path);
    if (sent === undefined) this.#sent.set(path, [{ kind, sender, sequence }]);
    else sent.push({ kind, sender, sequence });
  }

  /** Plays every log to its end, as far as possible; why it stopped before, or `null`. */
  run(): string | null {
    for (;;) {
      let [isDone, hasMoved] = [true, false];
      for (const [member, reading] of this.#readings.entries()) {
        while (reading.next < reading.events.length) {
          const event = reading.events[reading.next]!;
          if (!this.#isReady(member, event)) break;
          const departure = this.#play(member, reading, event);
          if (departure !== null) return departure;
          reading.next += 1;
          hasMoved = true;
        }
        isDone &&= reading.next === reading.events.length;
      }
      if (isDone) return this.#describeFull();
      if (!hasMoved) return this.#describeStuck();
    }
  }

  /** Notes which sends each datagram carried: arrivals name the datagram alone. */
  #index(member: number, events: readonly LoggedEvent[]): void {
    const counts = new Map<number, number>();
    for (const { type, other, packet } of events) {
      if (type !== EventType.send) continue;
      const number = counts.get(other) ?? 0;
      counts.set(other, number + 1);
      const key = `${member}>${other}:${packet}`;
      const known = this.#datagrams.get(key);
      if (known === undefined) this.#datagrams.set(key, [number]);
      else known.push(number);
    }
  }

  /** An arrival waits until its sender has sent it. */
  #isReady(member: number, event: LoggedEvent): boolean {
    if (event.type !== EventType.arrive) return true;
    const name = this.#nameOf(member, event);
    return name === null || this.#run.packets.get(name) !== undefined;
  }

  /** The packet of the game that an arrival is of; `null` where the sender's log does not have it. */
  #nameOf(member: number, { other, packet, kind, sender, sequence }: LoggedEvent): string | null {
    const carried = this.#datagrams.get(`${other}>${member}:${packet}`) ?? [];
    const events = this.#readings[other]!.events.filter(
      (event) => event.type === EventType.send && event.other === member,
    );
    const names = carried.flatMap((each) => {
      const sent = events[each]!;
      const isSame = sent.kind === kind && sent.sender === sender && sent.sequence === sequence;
      return isSame ? [`${other}>${member}#${each}`] : [];
    });
    // A datagram may carry several that have the same name: each arrives once.
    return names.find((name) => this.#run.packets.get(name) !== undefined) ?? names[0] ?? null;
  }

  #play(member: number, reading: Reading, event: LoggedEvent): string | null {
    const { type, atUs } = event;
    switch (type) {
      case EventType.multicast:
        this.#fireBefore(member, atUs);
        return this.#take({ act: 'multicast', member, atUs }, event, member);
      case EventType.arrive: {
        const packet = this.#nameOf(member, event);
        if (packet === null)
          return this.#describe(member, event, 'was sent after its sender stopped to record');
        this.#fireBefore(member, atUs);
        return this.#take({ act: 'deliver', packet, atUs }, event, member);
      }
      case EventType.send:
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
    this.#fireUntil(member, event.atUs, () => (this.#sent.get(path)?.length ?? 0) > number);
    const sent = this.#sent.get(path)?.[number];
    reading.sent[event.other]! += 1;
    const { kind, sender, sequence } = event;
    if (sent?.kind === kind && sent.sender === sender && sent.sequence === sequence) return null;
    return this.#describe(member, event, 'has no cause that a log tells');
  }

  #explainDelivery(member: number, reading: Reading, event: LoggedEvent): string | null {
    const { sequence } = this.#run.members[member]!.record;
    const place = reading.delivered;
    this.#fireUntil(member, event.atUs, () => sequence.length > place);
    reading.delivered += 1;
    const isSame =
      sequence.length > place &&
      sequence.senders[place] === event.sender &&
      sequence.sequences[place] === event.sequence;
    return isSame ? null : this.#describe(member, event, 'has no cause that a log tells');
  }

  /** Lets timers go off that are due, until that explains what was seen. */
  #fireUntil(member: number, atUs: number, isExplained: () => boolean): void {
    for (let fires = 0; fires < FIRES_MAX && !isExplained(); fires += 1) {
      const seenAtUs = this.#lateness.isSeenLate ? atUs : 0;
      if (this.#run.deadlineOf(member) > atUs + EARLY_US || !this.#fire(member, seenAtUs)) return;
    }
  }

  /** Lets those timers go off that nothing tells of: what they did nobody saw, but it may count later. */
  #fireBefore(member: number, atUs: number): void {
    for (let fires = 0; fires < FIRES_MAX; fires += 1) {
      const slackUs = this.#lateness.slackUs();
      if (this.#run.deadlineOf(member) + slackUs >= atUs || !this.#fire(member)) return;
    }
  }

  /** At the time for which it was set, or when something tells of it. */
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
    return `at ${(atUs / 1_000).toFixed(3)} ms of peer ${member}, "${what} (${sender},${sequence})" ${why}`;
  }

  /** Whose log was full before its part was over. */
  #describeFull(): string | null {
    const member = this.#leftOut.findIndex((events) => events > 0);
    if (member < 0) return null;
    return `peer ${member} recorded no more after its first ${this.#readings[member]!.events.length} events`;
  }

  #describeStuck(): string {
    const waiting = this.#readings.findIndex(({ next, events }) => next < events.length);
    const { next, events } = this.#readings[waiting]!;
    return this.#describe(waiting, events[next]!, 'waits for what was never sent');
  }
}

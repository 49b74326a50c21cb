import { assert } from '../../core/base/assert.ts';
import { DropCause, EventLog, EventType, LoggedEvent } from '../../core/records/event-log.ts';
import type { Message } from '../../core/message.ts';
import type { DropReason, Observer } from './observer.ts';

/** A packet under way; a second copy of it is another one with the same number. */
interface Flight {
  readonly packet: number;
  readonly arrivesAtUs: number;
}

/** The most events in all logs of a run together: a bound on memory for runs of many members. */
const EVENTS_MAX = 300_000;
/** The most packets under way that are kept in mind for each path and message. */
const FLIGHTS_MAX = 1_000;

/** Writes down what happens in a simulated run, in one event log a member. */
export class EventRecorder implements Observer {
  readonly logs: readonly EventLog[];
  readonly #packets = new Map<string, number>();
  readonly #flights = new Map<string, Flight[]>();
  #events = 0;

  constructor(peers: number, eventsMax?: number) {
    this.logs = Array.from({ length: peers }, () => new EventLog(eventsMax));
  }

  multicast(atUs: number, member: number, { sender, sequence }: Message): void {
    this.#add(member, EventType.multicast, atUs, 0, 0, 0, sender, sequence);
  }

  send(atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    if (this.#isFull(from)) return;
    const path = `${from}>${to}`;
    const packet = (this.#packets.get(path) ?? 0) + 1;
    this.#packets.set(path, packet);
    this.#fly(keyOf(path, message), { packet, arrivesAtUs });
    const { kind, sender, sequence } = message;
    this.#add(from, EventType.send, atUs, to, packet, kind, sender, sequence);
  }

  repeat(_atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    if (this.#events >= EVENTS_MAX) return;
    const path = `${from}>${to}`;
    this.#fly(keyOf(path, message), { packet: this.#packets.get(path) ?? 0, arrivesAtUs });
  }

  arrive(atUs: number, from: number, to: number, message: Message): void {
    if (this.#isFull(to)) return;
    const packet = this.#land(keyOf(`${from}>${to}`, message), atUs);
    const { kind, sender, sequence } = message;
    this.#add(to, EventType.arrive, atUs, from, packet, kind, sender, sequence);
  }

  drop(atUs: number, from: number, to: number, message: Message, reason: DropReason): void {
    // Nothing is recorded of a member's second life: refused by the others, it is no part of the run.
    if (this.#isFull(from) || reason === 'incarnation') return;
    const isAtOnce = reason === 'loss' || reason === 'partition';
    const packet = this.#land(keyOf(`${from}>${to}`, message), isAtOnce ? Infinity : atUs);
    const { kind, sender, sequence } = message;
    const cause = DropCause[reason];
    this.#add(from, EventType.drop, atUs, to, packet, kind, sender, sequence, cause);
  }

  deliver(atUs: number, member: number, { sender, sequence }: Message): void {
    this.#add(member, EventType.deliver, atUs, 0, 0, 0, sender, sequence);
  }

  crash(atUs: number, member: number): void {
    this.#add(member, EventType.crash, atUs);
  }

  pause(atUs: number, member: number): void {
    this.#add(member, EventType.pause, atUs);
  }

  resume(atUs: number, member: number): void {
    this.#add(member, EventType.resume, atUs);
  }

  /** Records a crash: an ordering that threw does nothing any more, as one that crashed. */
  fail(atUs: number, member: number): void {
    this.#add(member, EventType.crash, atUs);
  }

  #add(member: number, type: number, atUs: number, ...rest: number[]): void {
    if (this.#isFull(member)) return;
    const log = this.logs[member];
    assert(log !== undefined, 'events are of members');
    this.#events += 1;
    log.add(new LoggedEvent(type, atUs, ...rest));
  }

  /** Whether nothing more is kept; then the event is counted as one of `member`, without further work. */
  #isFull(member: number): boolean {
    if (this.#events < EVENTS_MAX) return false;
    this.logs[member]!.leftOut += 1;
    return true;
  }

  #fly(key: string, flight: Flight): void {
    const flights = this.#flights.get(key);
    if (flights === undefined) this.#flights.set(key, [flight]);
    else if (flights.length < FLIGHTS_MAX) flights.push(flight);
  }

  /** Finds the packet that arrives, among packets that look the same: the one whose time has come first. */
  #land(key: string, atUs: number): number {
    const flights = this.#flights.get(key) ?? [];
    let earliest = -1;
    for (const [index, { arrivesAtUs }] of flights.entries()) {
      const isLost = atUs === Infinity && arrivesAtUs === Infinity;
      const isDue = atUs !== Infinity && arrivesAtUs <= atUs;
      const isEarlier = earliest < 0 || arrivesAtUs < flights[earliest]!.arrivesAtUs;
      if ((isLost || isDue) && isEarlier) earliest = index;
    }
    if (earliest < 0) return 0;
    const [flight] = flights.splice(earliest, 1);
    if (flights.length === 0) this.#flights.delete(key);
    return flight!.packet;
  }
}

/** A text that tells packets of one path apart, as far as their messages differ. */
function keyOf(path: string, message: Message): string {
  const { kind, sender, sequence, link, timestamp, epoch, position, vector } = message;
  return `${path} ${kind} ${sender} ${sequence} ${link} ${timestamp} ${epoch} ${position} ${vector.join()}`;
}

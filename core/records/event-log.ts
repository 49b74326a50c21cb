import { assert, isU32 } from '../base/assert.ts';

/** What happened at one peer. The numbers are the encoding's (core/records/event-codec.ts). */
export const EventType = {
  /** The application multicast message (`sender`, `sequence`), of which the peer is the sender. */
  multicast: 1,
  /** A message left for member `other`, in packet number `packet` of the path between the two. */
  send: 2,
  /** A message came from member `other`, in packet number `packet` of that path. */
  arrive: 3,
  /** Message (`sender`, `sequence`) was delivered to the application. */
  deliver: 4,
  /** A message that was sent to `other` in `packet` will not arrive; `reason` is a `DropCause`. */
  drop: 5,
  crash: 6,
  pause: 7,
  resume: 8,
  /** The ordering's deadline had come, and the ordering was called. */
  timer: 9,
  /** A message that was to leave for `other` never left: that member has taken nothing in for long. */
  discard: 10,
} as const;

/** Events that only a replay needs: they happen inside a peer, and no picture shows them. */
export const INNER_EVENTS: readonly number[] = [EventType.timer, EventType.discard];

/** Why a packet did not arrive, where that is known: only a simulated network tells. */
export const DropCause = { unknown: 0, loss: 1, partition: 2, crashed: 3, overflow: 4 } as const;

const EVENT_TYPES_MAX = 10;
const DROP_CAUSES_MAX = 4;

/** One event, flat, so that all have one shape; fields that a type does not use are 0. */
export class LoggedEvent {
  readonly type: number;
  /** Microseconds since the log began, on the clock of the peer (in a simulation: the true one). */
  readonly atUs: number;
  readonly other: number;
  readonly packet: number;
  /** The message's kind (core/message.ts), and the multicast that it is or is about. */
  readonly kind: number;
  readonly sender: number;
  readonly sequence: number;
  readonly reason: number;

  constructor(
    type: number,
    atUs: number,
    other = 0,
    packet = 0,
    kind = 0,
    sender = 0,
    sequence = 0,
    reason = 0,
  ) {
    assert(type >= 1 && type <= EVENT_TYPES_MAX, 'an event has a known type');
    assert(isU32(atUs) && isU32(packet), 'time and packet are unsigned 32-bit integers');
    assert(isU32(other) && other <= 0xffff, 'a member is a number up to 65535');
    assert(isU32(sender) && isU32(sequence), 'sender and sequence are unsigned 32-bit integers');
    assert(kind >= 0 && kind <= 255 && reason <= DROP_CAUSES_MAX, 'kind and reason are known');
    this.type = type;
    this.atUs = atUs;
    this.other = other;
    this.packet = packet;
    this.kind = kind;
    this.sender = sender;
    this.sequence = sequence;
    this.reason = reason;
  }
}

/** The most events of a run that a peer records; it only counts those after them. */
export const EVENTS_MAX = 20_000;

/**
 * What happened at one peer, in the order in which it happened there: a bounded list, from which
 * space-time diagrams are drawn. Its times never go back.
 */
export class EventLog {
  readonly events: LoggedEvent[] = [];
  /** Events that came after the log was full. */
  leftOut = 0;
  /**
   * Whether the timers of the ordering are among the events, so that these tell everything that was done to
   * it. Logs of simulations, and those that were recorded before there was form 2 of the encoding, have none.
   */
  hasTimers = false;
  readonly #eventsMax: number;

  constructor(eventsMax = EVENTS_MAX) {
    this.#eventsMax = eventsMax;
  }

  get full(): boolean {
    return this.events.length >= this.#eventsMax;
  }

  add(event: LoggedEvent): void {
    if (this.full) {
      this.leftOut += 1;
      return;
    }
    assert(event.atUs >= (this.events.at(-1)?.atUs ?? 0), "a log's times never go back");
    this.events.push(event);
  }

  multicast(atUs: number, sender: number, sequence: number): void {
    this.add(new LoggedEvent(EventType.multicast, atUs, 0, 0, 0, sender, sequence));
  }

  deliver(atUs: number, sender: number, sequence: number): void {
    this.add(new LoggedEvent(EventType.deliver, atUs, 0, 0, 0, sender, sequence));
  }
}

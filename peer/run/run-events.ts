import { U32_MAX } from '../../core/base/assert.ts';
import { EventLog, EventType, LoggedEvent } from '../../core/records/event-log.ts';
import type { Message } from '../../core/message.ts';

/**
 * Every event of one member's run, for space-time diagrams, and everything that was done to its ordering, so
 * that the run can be played again step by step. They are recorded only in runs that ask for it, since each
 * costs an object. Times are microseconds on this member's own clock since its part began.
 */
export class RunEvents {
  readonly log: EventLog;
  readonly #self: number;
  readonly #beganAt: number;
  #stopped = false;

  constructor(self: number, beganAt: number, eventsMax?: number) {
    this.log = new EventLog(eventsMax);
    this.log.hasTimers = true;
    this.#self = self;
    this.#beganAt = beganAt;
  }

  multicast(now: number, sequence: number): void {
    if (!this.#stopped) this.log.multicast(this.#at(now), this.#self, sequence);
  }

  deliver(now: number, { sender, sequence }: Message): void {
    if (!this.#stopped) this.log.deliver(this.#at(now), sender, sequence);
  }

  /** Notes that messages left together for member `to`. */
  sent(now: number, to: number, packet: number, messages: readonly Message[]): void {
    this.#addAll(EventType.send, now, to, packet, messages);
  }

  /** Notes that messages came together from member `from`. */
  arrived(now: number, from: number, packet: number, messages: readonly Message[]): void {
    this.#addAll(EventType.arrive, now, from, packet, messages);
  }

  /** Notes that the ordering's deadline had come, and that it is called now. */
  timer(now: number): void {
    if (!this.#stopped) this.log.add(new LoggedEvent(EventType.timer, this.#at(now)));
  }

  /** Notes that messages which waited for room at member `to` never leave. */
  discarded(now: number, to: number, messages: Iterable<Message>): void {
    this.#addAll(EventType.discard, now, to, 0, messages);
  }

  /** Stops recording: what is recorded is final, and about to be uploaded for the last time. */
  stop(): void {
    this.#stopped = true;
  }

  #addAll(
    type: number,
    now: number,
    other: number,
    packet: number,
    messages: Iterable<Message>,
  ): void {
    if (this.#stopped) return;
    const atUs = this.#at(now);
    for (const { kind, sender, sequence } of messages) {
      this.log.add(new LoggedEvent(type, atUs, other, packet, kind, sender, sequence));
    }
  }

  /** What fills a datagram leaves before its time is told: it takes the time of what happened last. */
  #at(now: number): number {
    const lastUs = this.log.events.at(-1)?.atUs ?? 0;
    return Math.min(Math.max(lastUs, now - this.#beganAt), U32_MAX);
  }
}

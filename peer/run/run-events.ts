import { U32_MAX } from '../../core/base/assert.ts';
import { EventLog, EventType, LoggedEvent } from '../../core/records/event-log.ts';
import type { Message } from '../../core/message.ts';

/**
 * Every event of one member's run, for space-time diagrams. They are recorded only in runs that ask for
 * it, since each costs an object. Times are microseconds on this member's own clock since its part
 * began.
 */
export class RunEvents {
  readonly log: EventLog;
  readonly #self: number;
  readonly #beganAt: number;
  #stopped = false;

  constructor(self: number, beganAt: number, eventsMax?: number) {
    this.log = new EventLog(eventsMax);
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

  /** Stops recording: what is recorded is final, and about to be uploaded for the last time. */
  stop(): void {
    this.#stopped = true;
  }

  #addAll(
    type: number,
    now: number,
    other: number,
    packet: number,
    messages: readonly Message[],
  ): void {
    if (this.#stopped) return;
    const atUs = this.#at(now);
    for (const { kind, sender, sequence } of messages) {
      this.log.add(new LoggedEvent(type, atUs, other, packet, kind, sender, sequence));
    }
  }

  #at(now: number): number {
    return Math.min(Math.max(0, now - this.#beganAt), U32_MAX);
  }
}

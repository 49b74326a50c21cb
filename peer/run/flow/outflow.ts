import { DatagramType, writeMessages, type DatagramHeader } from '../../../core/wire/datagram.ts';
import { decodeCredit, writeCredit } from '../../../core/wire/credit.ts';
import type { Message } from '../../../core/message.ts';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { DatagramChannel } from '../../transport/datagram-channel.ts';
import { Grants, initialGrant } from './grants.ts';
import { Outbox } from './outbox.ts';
import type { RunEvents } from '../run-events.ts';
import { SendCredit } from './send-credit.ts';
import { SendingTurn } from './sending-turn.ts';

export interface OutflowOptions {
  /** Microseconds as integers, never going back. */
  readonly clock: () => number;
  readonly channel: DatagramChannel;
  readonly entry: OrderingEntry;
  /** `null` unless the run records its events. */
  readonly events: RunEvents | null;
  /** The bytes of the receive buffer of the socket to which datagrams come. */
  readonly receiveBufferBytes: number;
}

/**
 * What one member sends for its ordering: the outbox gathers messages and lets them out as the others
 * grant credit (SendCredit). It also grants the others their credit (Grants).
 */
export class Outflow {
  readonly outbox: Outbox;
  readonly #roundTripUs: ReadonlyMap<number, number>;
  readonly #channel: DatagramChannel;
  /** By member: how far this one may get ahead of it. */
  readonly #credits: readonly SendCredit[];
  readonly #grants: Grants;
  readonly #events: RunEvents | null;
  readonly #clock: () => number;
  #now = 0;
  readonly #turn = new SendingTurn();

  /** `roundTripUs`: by member, how long a round trip took at the beginning, as far as is known by now. */
  constructor(
    size: number,
    datagramBytes: number,
    roundTripUs: ReadonlyMap<number, number>,
    options: OutflowOptions,
  ) {
    const { channel, entry, events, receiveBufferBytes } = options;
    this.#roundTripUs = roundTripUs;
    this.#channel = channel;
    const granted = initialGrant(size, datagramBytes);
    const { retransmits } = entry;
    this.#credits = Array.from({ length: size }, () => {
      return new SendCredit({ granted, retransmits, datagramBytes });
    });
    this.#grants = new Grants(size, datagramBytes, receiveBufferBytes);
    this.#events = events;
    this.#clock = options.clock;
    this.outbox = new Outbox(
      size,
      (receivers, messages) => this.#emit(receivers, messages),
      (to) => this.#admits(to),
      datagramBytes,
    );
  }

  /** When something that waits for room may be tried; `Infinity` while nothing waits. */
  get deadline(): number {
    if (this.#turn.isInterrupted) return this.#now;
    let deadline = Infinity;
    for (const to of this.outbox.occupied) {
      if (this.outbox.waits(to)) deadline = Math.min(deadline, this.#credits[to]!.nextAt);
    }
    return deadline;
  }

  /** Whether anything has not left yet. */
  get waits(): boolean {
    return this.outbox.occupied.some((to) => this.outbox.waits(to));
  }

  /**
   * Whether the outbox is full for a member that still takes datagrams in, so that nothing should be
   * added.
   */
  get isFull(): boolean {
    return this.outbox.occupied.some((to) => this.outbox.isFull(to) && !this.#credits[to]!.isStale);
  }

  /** How long this member was busy with what came, in microseconds. */
  get busyUs(): number {
    return this.#grants.busyUs;
  }

  /** Notes the time at which everything happens until the next call. */
  setClock(now: number): void {
    this.#now = now;
  }

  /** Sends what may leave, which ends the turn. */
  flush(): void {
    this.outbox.flushOneEach(this.#turn.beginRound());
    this.#turn.endRound();
    this.outbox.flush();
    this.#turn.end();
    this.#channel.flush();
    this.#grants.endTurn(this.#clock());
    for (const to of this.outbox.occupied) {
      if (!this.#credits[to]!.isStale) continue;
      const dropped = this.outbox.drop(to);
      this.#events?.discarded(this.#now, to, dropped);
    }
  }

  /** Notes messages from `from`, and grants it new credit before its credit runs out, or when it `asks`. */
  received(from: number, packet: number, asks: boolean): void {
    this.#grants.received(this.#now, from, packet);
    const credit = this.#grants.due(from, asks);
    if (credit === null) return;
    this.#channel.send([from], DatagramType.credit, (writer) => writeCredit(writer, credit));
  }

  /** Takes in a credit; false when the datagram is none. */
  hearCredit({ sender }: DatagramHeader, datagram: Uint8Array): boolean {
    const credit = decodeCredit(datagram);
    if (credit === null) return false;
    this.#credits[sender]!.observe(this.#roundTripUs.get(sender) ?? Infinity);
    this.#credits[sender]!.credited(this.#now, credit);
    return true;
  }

  #admits(to: number): boolean {
    return this.#credits[to]!.admits(this.#now) && this.#turn.admits(to);
  }

  #emit(receivers: readonly number[], messages: readonly Message[]): void {
    let type: number = DatagramType.messages;
    for (const to of receivers) {
      if (this.#credits[to]!.asks) type = DatagramType.lastMessages;
    }
    const beganAt = this.#clock();
    const packet = this.#channel.send(receivers, type, (writer) => writeMessages(writer, messages));
    this.#turn.sent(receivers.length, this.#clock() - beganAt);
    for (const to of receivers) {
      this.#credits[to]!.sent(beganAt, packet);
      this.#events?.sent(this.#now, to, packet, messages);
    }
  }
}

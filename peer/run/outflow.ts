import {
  DatagramType,
  decodeCredit,
  receiverBit,
  writeCredit,
  writeMessages,
  type DatagramHeader,
} from '../../core/wire/datagram.ts';
import type { Message } from '../../core/message.ts';
import type { DatagramChannel } from '../transport/datagram-channel.ts';
import { FlowControl } from './flow-control.ts';
import { Outbox } from './outbox.ts';
import type { RunEvents } from './run-events.ts';

export interface OutflowOptions {
  readonly channel: DatagramChannel;
  /** `null` unless the run records its events. */
  readonly events: RunEvents | null;
  /**
   * The bytes of the receive buffer of the socket to which datagrams come; absent: what a system gives by
   * default.
   */
  readonly receiveBufferBytes?: number | undefined;
}

/**
 * What one member sends for its ordering: the outbox gathers messages and lets them out as the others
 * grant credit. It also grants the others their credit.
 */
export class Outflow {
  readonly outbox: Outbox;
  readonly #size: number;
  readonly #channel: DatagramChannel;
  readonly #credit: FlowControl;
  readonly #events: RunEvents | null;
  #now = 0;

  constructor(size: number, datagramBytes: number, options: OutflowOptions) {
    const { channel, events, receiveBufferBytes } = options;
    this.#size = size;
    this.#channel = channel;
    this.#credit = new FlowControl(size, datagramBytes, receiveBufferBytes);
    this.#events = events;
    this.outbox = new Outbox(
      size,
      (receivers, messages) => this.#emit(receivers, messages),
      (to) => this.#credit.admits(this.#now, to),
      datagramBytes,
    );
  }

  /** When something that waits for room may be tried; `Infinity` while nothing waits. */
  get deadline(): number {
    let deadline = Infinity;
    for (let to = 0; to < this.#size; to += 1) {
      if (this.outbox.waits(to)) deadline = Math.min(deadline, this.#credit.retryAt(to));
    }
    return deadline;
  }

  /** Whether anything has not left yet. */
  get waits(): boolean {
    for (let to = 0; to < this.#size; to += 1) if (this.outbox.waits(to)) return true;
    return false;
  }

  /**
   * Whether the outbox is full for a member that still takes datagrams in, so that nothing should be
   * added.
   */
  get isFull(): boolean {
    for (let to = 0; to < this.#size; to += 1) {
      if (this.outbox.isFull(to) && !this.#credit.isStale(to)) return true;
    }
    return false;
  }

  /** Sends what may leave. */
  flush(now: number): void {
    this.#now = now;
    this.outbox.flush();
    for (let to = 0; to < this.#size; to += 1) {
      if (!this.outbox.waits(to) || !this.#credit.isStale(to)) continue;
      const dropped = this.outbox.drop(to);
      this.#events?.discarded(now, to, dropped);
    }
  }

  /** Notes messages from `from`, and grants it new credit before its credit runs out, or when it `asks`. */
  received(from: number, packet: number, asks: boolean): void {
    this.#credit.received(from, packet);
    const taken = this.#credit.due(from, asks);
    if (taken === 0) return;
    const credit = { packet: taken, ahead: this.#credit.grant };
    this.#channel.send(receiverBit(from), DatagramType.credit, (writer) =>
      writeCredit(writer, credit),
    );
  }

  /** Takes in a credit; false when the datagram is none. */
  hearCredit(now: number, { sender }: DatagramHeader, datagram: Uint8Array): boolean {
    const credit = decodeCredit(datagram);
    if (credit === null) return false;
    this.#credit.credited(now, sender, credit.packet, credit.ahead);
    return true;
  }
  #emit(receivers: number, messages: readonly Message[]): void {
    let type: number = DatagramType.messages;
    for (let to = 0; to < this.#size; to += 1) {
      const isReceiver = (receivers & receiverBit(to)) !== 0;
      if (isReceiver && this.#credit.isLast(to)) type = DatagramType.lastMessages;
    }
    const packet = this.#channel.send(receivers, type, (writer) => writeMessages(writer, messages));
    for (let to = 0; to < this.#size; to += 1) {
      if ((receivers & receiverBit(to)) === 0) continue;
      this.#credit.left(this.#now, to, packet);
      this.#events?.sent(this.#now, to, packet, messages);
    }
  }
}

import { messageSize } from '../../core/wire/message-codec.ts';
import { HEADER_BYTES, MESSAGES_BYTES_DEFAULT, TAG_BYTES } from '../../core/wire/datagram.ts';
import { grown } from '../../core/base/grown.ts';
import type { Message } from '../../core/message.ts';
import type { MemberMeasurements } from '../simulation-result.ts';

/** What every datagram has besides its messages. */
export const FRAME_BYTES = HEADER_BYTES + TAG_BYTES;

/**
 * What one member sends in datagrams and bytes, and how long messages wait at it. Messages to one member
 * that leave in one call share datagrams, as in the daemon; yet each has a fate of its own, so that
 * the simulated network is never kinder than the real one.
 */
export class Measurements {
  #datagramsSent = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  /** By destination: the call in which its last datagram began, and how full that is. */
  readonly #calls: Float64Array;
  readonly #filled: Uint16Array;
  readonly #arrivedAtUs: Uint32Array;
  #holdingUs = new Uint32Array(256);
  #holdings = 0;

  constructor(size: number, messages: number) {
    this.#calls = new Float64Array(size).fill(-1);
    this.#filled = new Uint16Array(size);
    this.#arrivedAtUs = new Uint32Array(size * messages);
  }

  sent(to: number, message: Message, call: number): void {
    const bytes = messageSize(message);
    const shares = this.#calls[to] === call && this.#filled[to]! + bytes <= MESSAGES_BYTES_DEFAULT;
    if (!shares) {
      this.#calls[to] = call;
      this.#filled[to] = 0;
      this.#datagramsSent += 1;
      this.#bytesSent += FRAME_BYTES;
    }
    this.#filled[to]! += bytes;
    this.#bytesSent += bytes;
  }

  received(message: Message): void {
    this.#bytesReceived += FRAME_BYTES + messageSize(message);
  }

  /** Notes that message `index` arrived for the first time. */
  arrived(nowUs: number, index: number): void {
    this.#arrivedAtUs[index] = nowUs;
  }

  /** Notes that message `index`, which had arrived, is delivered for the first time. */
  delivered(nowUs: number, index: number): void {
    if (this.#holdings === this.#holdingUs.length) {
      this.#holdingUs = grown(this.#holdingUs, 2 * this.#holdings);
    }
    this.#holdingUs[this.#holdings] = nowUs - this.#arrivedAtUs[index]!;
    this.#holdings += 1;
  }

  result(): MemberMeasurements {
    return {
      datagramsSent: this.#datagramsSent,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      holdingUs: this.#holdingUs.slice(0, this.#holdings),
    };
  }
}

import { messageSize } from '../../core/wire/message-codec.ts';
import type { Message } from '../../core/message.ts';
import { FRAME_BYTES } from './measurements.ts';

/** The receive buffer that the daemon asks for. */
const SOCKET_BYTES = 4 * 1024 * 1024;
/**
 * The bytes that an operating system adds to a small datagram for its bookkeeping (Linux: about 0.75
 * KiB).
 */
const OVERHEAD_BYTES = 768;

/**
 * What waits for a paused member: packets in the socket's buffer, while they fit, in the order in which
 * they came. Pauses that overlap count together.
 */
export class PausedSocket {
  /** How many pauses have not ended. */
  pauses = 1;
  /** Whether something that the member would have done had to wait. */
  hadEffect = false;
  readonly #senders: number[] = [];
  readonly #messages: Message[] = [];
  #bytes = 0;

  get length(): number {
    return this.#messages.length;
  }

  /** Takes in a packet; false when it does not fit any more, and is lost. */
  add(from: number, message: Message): boolean {
    this.hadEffect = true;
    const bytes = FRAME_BYTES + OVERHEAD_BYTES + messageSize(message);
    if (this.#bytes + bytes > SOCKET_BYTES) return false;
    this.#bytes += bytes;
    this.#senders.push(from);
    this.#messages.push(message);
    return true;
  }

  /** Notes that a timer or a multicast came due. */
  noteDelay(): void {
    this.hadEffect = true;
  }

  senderAt(index: number): number {
    return this.#senders[index]!;
  }

  messageAt(index: number): Message {
    return this.#messages[index]!;
  }
}

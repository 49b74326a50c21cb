import { assert } from '../../core/base/assert.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_MAX } from '../../core/wire/datagram.ts';
import { Kind, type Message } from '../../core/message.ts';

/**
 * Messages on their way out, gathered for each member until `flush`: those to one member share
 * datagrams, because a datagram costs the same however full it is.
 */
export class Outbox {
  /** Messages that left so far: the application's, and the ordering's own. */
  dataMessages = 0;
  controlMessages = 0;
  readonly #waiting: Message[][];
  readonly #bytes: number[];
  readonly #emit: (to: number, messages: readonly Message[]) => void;

  /** `emit` sends one datagram's worth: at least one message, at most MESSAGES_BYTES_MAX bytes. */
  constructor(size: number, emit: (to: number, messages: readonly Message[]) => void) {
    this.#waiting = Array.from({ length: size }, () => []);
    this.#bytes = Array.from({ length: size }, () => 0);
    this.#emit = emit;
  }

  add(to: number, message: Message): void {
    const size = messageSize(message);
    assert(size <= MESSAGES_BYTES_MAX, `a message of ${size} bytes fits no datagram`);
    if (this.#bytes[to]! + size > MESSAGES_BYTES_MAX) this.#flushOne(to);
    if (message.kind === Kind.data) this.dataMessages += 1;
    else this.controlMessages += 1;
    this.#waiting[to]!.push(message);
    this.#bytes[to]! += size;
  }

  /** Sends all that waits. */
  flush(): void {
    for (let to = 0; to < this.#waiting.length; to += 1) this.#flushOne(to);
  }

  #flushOne(to: number): void {
    const messages = this.#waiting[to]!;
    if (messages.length === 0) return;
    this.#waiting[to] = [];
    this.#bytes[to] = 0;
    this.#emit(to, messages);
  }
}

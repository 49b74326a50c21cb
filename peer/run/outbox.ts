import { assert } from '../../core/base/assert.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_MAX } from '../../core/wire/datagram.ts';
import { Kind, type Message } from '../../core/message.ts';

/** While more than this many bytes wait for one member, this member multicasts nothing. */
const BACKLOG_BYTES_MAX = 64 * 1024;

/** Whether a datagram may leave for a member now; if so, the caller sends one. */
export type Admission = (to: number) => boolean;

/**
 * Messages on their way out, gathered for each member until `flush`: messages to one member share
 * datagrams, because a datagram costs the same however full it is. A message that may not leave yet,
 * since its receiver has no room, waits here in its order.
 */
export class Outbox {
  /** Messages that left so far: the application's, and the ordering's own. */
  dataMessages = 0;
  controlMessages = 0;
  /** Messages that were dropped because their member took in nothing for long. */
  dropped = 0;
  readonly #waiting: Message[][];
  readonly #bytes: number[];
  readonly #emit: (to: number, messages: readonly Message[]) => void;
  readonly #admits: Admission;

  /** `emit` sends one datagram's worth: at least one message, at most MESSAGES_BYTES_MAX bytes. */
  constructor(
    size: number,
    emit: (to: number, messages: readonly Message[]) => void,
    admits: Admission = () => true,
  ) {
    this.#waiting = Array.from({ length: size }, () => []);
    this.#bytes = Array.from({ length: size }, () => 0);
    this.#emit = emit;
    this.#admits = admits;
  }

  add(to: number, message: Message): void {
    const size = messageSize(message);
    assert(size <= MESSAGES_BYTES_MAX, `a message of ${size} bytes fits no datagram`);
    // A message that waits for room waits for `flush` as well: nobody asks again for each message.
    const fillsOne = this.#bytes[to]! + size > MESSAGES_BYTES_MAX;
    if (fillsOne && this.#bytes[to]! <= MESSAGES_BYTES_MAX) this.#flushOne(to);
    if (message.kind === Kind.data) this.dataMessages += 1;
    else this.controlMessages += 1;
    this.#waiting[to]!.push(message);
    this.#bytes[to]! += size;
  }

  /** Sends all waiting messages that may leave. */
  flush(): void {
    for (let to = 0; to < this.#waiting.length; to += 1) this.#flushOne(to);
  }

  /** Whether something waits for `to`. */
  waits(to: number): boolean {
    return this.#bytes[to]! > 0;
  }

  /** Whether more than BACKLOG_BYTES_MAX wait for `to`, so that messages that can wait elsewhere should. */
  isFull(to: number): boolean {
    return this.#bytes[to]! > BACKLOG_BYTES_MAX;
  }

  /** Drops what waits for `to`, as a network would; channels send again what still matters. */
  drop(to: number): void {
    this.dropped += this.#waiting[to]!.length;
    this.#waiting[to] = [];
    this.#bytes[to] = 0;
  }

  #flushOne(to: number): void {
    const messages = this.#waiting[to]!;
    if (messages.length === 0) return;
    if (this.#bytes[to]! <= MESSAGES_BYTES_MAX) {
      if (!this.#admits(to)) return;
      this.#waiting[to] = [];
      this.#bytes[to] = 0;
      this.#emit(to, messages);
      return;
    }
    this.#flushSeveral(to, messages);
  }

  #flushSeveral(to: number, messages: readonly Message[]): void {
    let start = 0;
    while (start < messages.length && this.#admits(to)) {
      let bytes = 0;
      let end = start;
      for (; end < messages.length; end += 1) {
        const size = messageSize(messages[end]!);
        if (bytes + size > MESSAGES_BYTES_MAX) break;
        bytes += size;
      }
      this.#bytes[to]! -= bytes;
      this.#emit(to, messages.slice(start, end));
      start = end;
    }
    this.#waiting[to] = messages.slice(start);
  }
}

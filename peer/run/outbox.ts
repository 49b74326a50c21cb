import { assert } from '../../core/base/assert.ts';
import { Kind, type Message } from '../../core/message.ts';
import { MessageQueue } from '../../core/views/message-queue.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_MAX, receiverBit } from '../../core/wire/datagram.ts';

/** What waits for one member beyond this makes whoever multicasts wait, in bytes. */
const BACKLOG_BYTES_MAX = 64 * 1024;

/** Whether a datagram may leave for a member now. */
export type Admission = (to: number) => boolean;

/**
 * One datagram's worth leaves for the members in `receivers` (bits): at least one message, at most
 * MESSAGES_BYTES_MAX bytes. `messages` is used again afterwards.
 */
export type Emission = (receivers: number, messages: readonly Message[]) => void;

/**
 * Messages on their way out, gathered for each member until `flush`: those to one member share
 * datagrams, because a datagram costs the same however full it is. What may not leave yet, since the
 * member has no room for it, waits here in its order.
 *
 * Members who would get the same datagram share it. The same means: the very same messages, under the same
 * numbers of their channels (the reliable link makes one copy for all channels that count alike), and
 * nothing besides. So a multicast is mostly written and sealed once, and no layer above has to care.
 */
export class Outbox {
  /** Messages that left so far: the application's, and the ordering's own. */
  dataMessages = 0;
  controlMessages = 0;
  /** Messages that were dropped because their member took in nothing for long. */
  dropped = 0;
  readonly #waiting: MessageQueue[];
  readonly #bytes: number[];
  readonly #emit: Emission;
  readonly #admits: Admission;
  /** The datagram that is gathered, and what it takes. */
  readonly #first: Message[] = [];
  #firstBytes = 0;

  constructor(size: number, emit: Emission, admits: Admission = () => true) {
    this.#waiting = Array.from({ length: size }, () => new MessageQueue());
    this.#bytes = Array.from({ length: size }, () => 0);
    this.#emit = emit;
    this.#admits = admits;
  }

  add(to: number, message: Message): void {
    const size = messageSize(message);
    assert(size <= MESSAGES_BYTES_MAX, `a message of ${size} bytes fits no datagram`);
    // What waits for room waits for `flush` as well: nobody asks again for each message.
    const fillsOne = this.#bytes[to]! + size > MESSAGES_BYTES_MAX;
    if (fillsOne && this.#bytes[to]! <= MESSAGES_BYTES_MAX) this.#emitFirst(to);
    if (message.kind === Kind.data) this.dataMessages += 1;
    else this.controlMessages += 1;
    this.#waiting[to]!.push(message);
    this.#bytes[to]! += size;
  }

  /** Sends all that waits and may leave. */
  flush(): void {
    for (let to = 0; to < this.#waiting.length; to += 1) while (this.#emitFirst(to));
  }

  /** Whether something waits for `to`. */
  waits(to: number): boolean {
    return this.#bytes[to]! > 0;
  }

  /** Whether so much waits for `to` that nothing should be added that can wait elsewhere. */
  isFull(to: number): boolean {
    return this.#bytes[to]! > BACKLOG_BYTES_MAX;
  }

  /** Drops what waits for `to`, as a network would; channels send it again if it still matters. */
  drop(to: number): void {
    this.dropped += this.#waiting[to]!.length;
    this.#waiting[to]!.clear();
    this.#bytes[to] = 0;
  }

  /** Sends what comes first for `to`, if it may leave, to all for whom the same comes first. */
  #emitFirst(to: number): boolean {
    if (!this.waits(to) || !this.#admits(to)) return false;
    this.#gather(this.#waiting[to]!);
    let receivers = 0;
    for (let member = 0; member < this.#waiting.length; member += 1) {
      if (member !== to && !this.#shares(member)) continue;
      receivers |= receiverBit(member);
      this.#bytes[member]! -= this.#firstBytes;
      for (let count = this.#first.length; count > 0; count -= 1) this.#waiting[member]!.shift();
    }
    this.#emit(receivers >>> 0, this.#first);
    return true;
  }

  #gather(waiting: MessageQueue): void {
    this.#first.length = 0;
    this.#firstBytes = 0;
    for (let index = 0; index < waiting.length; index += 1) {
      const message = waiting.at(index);
      const size = messageSize(message);
      if (this.#firstBytes + size > MESSAGES_BYTES_MAX) return;
      this.#firstBytes += size;
      this.#first.push(message);
    }
  }

  /** Whether `member` may get the datagram that is gathered, and would get the same by itself. */
  #shares(member: number): boolean {
    const waiting = this.#waiting[member]!;
    const { length } = this.#first;
    if (waiting.length < length) return false;
    for (let index = 0; index < length; index += 1) {
      if (waiting.at(index) !== this.#first[index]) return false;
    }
    const hasRoom = (next: Message): boolean =>
      this.#firstBytes + messageSize(next) <= MESSAGES_BYTES_MAX;
    if (waiting.length > length && hasRoom(waiting.at(length))) return false;
    return this.#admits(member);
  }
}

import { assert } from '../../core/base/assert.ts';
import { Kind, type Message } from '../../core/message.ts';
import { MessageQueue } from '../../core/views/message-queue.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { DATAGRAM_BYTES_DEFAULT, messagesBytesIn } from '../../core/wire/datagram.ts';
import { receiverBit } from '../../core/wire/receivers.ts';

/**
 * A member multicasts nothing while more than this many bytes, and more than this many full datagrams, wait for one
 * other.
 */
const BACKLOG_BYTES_MAX = 64 * 1024;
const BACKLOG_DATAGRAMS_MAX = 4;

/** Whether a datagram may leave for a member now. */
export type Admission = (to: number) => boolean;

/**
 * Sends one datagram to the members in `receivers` (bits): it holds at least one message, and at most
 * what fits of them. The caller uses the array `messages` again afterwards.
 */
export type Emission = (receivers: number, messages: readonly Message[]) => void;

/**
 * Messages on their way out, gathered for each member until `flush`: messages to one member share
 * datagrams, because a datagram costs the same however full it is. A message that may not leave yet,
 * since its receiver has no room, waits here in its order.
 *
 * Members that would get the same datagram share it, so that it is written and sealed once. Two datagrams
 * are the same if they hold the very same message objects: the numbers of the channels are part of these,
 * and the reliable link makes one copy for all channels that count alike. No layer above has to care.
 */
export class Outbox {
  /**
   * Messages that left so far, each destination counted: those that carry the application's, where a pack is one, and the
   * ordering's own.
   */
  dataMessages = 0;
  controlMessages = 0;
  readonly #waiting: MessageQueue[];
  readonly #bytes: number[];
  readonly #heldBack: boolean[];
  /**
   * The members for which something may wait, so that a group of 32 costs no more than one of 4 where nothing
   * does: after `flush` those for which something does, in their order.
   */
  #occupied: number[] = [];
  readonly #isOccupied: boolean[];
  readonly #emit: Emission;
  readonly #admits: Admission;
  /** The messages of the datagram that is gathered, their bytes, and how many of them carry the application's. */
  readonly #gathered: Message[] = [];
  #gatheredBytes = 0;
  #gatheredData = 0;
  readonly #bytesMax: number;

  /** `datagramBytes`: the length that no datagram exceeds. */
  constructor(
    size: number,
    emit: Emission,
    admits: Admission = () => true,
    datagramBytes = DATAGRAM_BYTES_DEFAULT,
  ) {
    this.#bytesMax = messagesBytesIn(datagramBytes);
    this.#waiting = Array.from({ length: size }, () => new MessageQueue());
    this.#bytes = Array.from({ length: size }, () => 0);
    this.#heldBack = Array.from({ length: size }, () => false);
    this.#isOccupied = Array.from({ length: size }, () => false);
    this.#emit = emit;
    this.#admits = admits;
  }

  /** The members for which something waits, if nothing was added since `flush`; otherwise some more. */
  get occupied(): readonly number[] {
    return this.#occupied;
  }

  add(to: number, message: Message): void {
    if (!this.#isOccupied[to]!) this.#occupy(to);
    const size = messageSize(message);
    assert(size <= this.#bytesMax, `a message of ${size} bytes fits no datagram`);
    // A message that waits for room waits for `flush` as well: nobody asks again for each message.
    const fillsOne = this.#bytes[to]! + size > this.#bytesMax;
    if (fillsOne && this.#bytes[to]! <= this.#bytesMax) this.#emitFirst(to);
    this.#waiting[to]!.push(message);
    this.#bytes[to]! += size;
  }

  /**
   * Sends all waiting messages that may leave. Each member gets one datagram before anybody gets the rest,
   * because the caller may admit only some of them now.
   */
  flush(): void {
    for (const to of this.#occupied) this.#emitFirst(to);
    for (const to of this.#occupied) while (this.#emitFirst(to));
    let count = 0;
    for (const to of this.#occupied) {
      const waits = this.waits(to);
      this.#isOccupied[to] = this.#heldBack[to] = waits;
      if (waits) this.#occupied[count++] = to;
    }
    this.#occupied.length = count;
  }

  /** Whether something waits for `to`. */
  waits(to: number): boolean {
    return this.#bytes[to]! > 0;
  }

  /** Whether something waits for `to` that could not leave when everything was to leave (`flush`). */
  holdsBack(to: number): boolean {
    return this.#heldBack[to]! && this.waits(to);
  }

  /** Whether so much waits for `to` that messages that can wait elsewhere should. */
  isFull(to: number): boolean {
    return this.#bytes[to]! > Math.max(BACKLOG_BYTES_MAX, BACKLOG_DATAGRAMS_MAX * this.#bytesMax);
  }

  /** Drops what waits for `to`, as a network would, and gives it; channels send again what still matters. */
  drop(to: number): Message[] {
    const dropped = this.#waiting[to]!.toArray();
    this.#waiting[to]!.clear();
    this.#bytes[to] = 0;
    return dropped;
  }

  /**
   * Sends the first datagram that waits for `to`, if it may leave, to all members for which the same
   * datagram comes first. False when nothing left.
   */
  #emitFirst(to: number): boolean {
    if (!this.waits(to) || !this.#admits(to)) return false;
    this.#gather(this.#waiting[to]!);
    let receivers = 0;
    for (const member of this.#occupied) {
      if (member !== to && !this.#shares(member)) continue;
      receivers |= receiverBit(member);
      this.dataMessages += this.#gatheredData;
      this.controlMessages += this.#gathered.length - this.#gatheredData;
      this.#bytes[member]! -= this.#gatheredBytes;
      for (let count = this.#gathered.length; count > 0; count -= 1) this.#waiting[member]!.shift();
    }
    this.#emit(receivers >>> 0, this.#gathered);
    return true;
  }

  /** Enters a member into the list, which multicasts fill in its order. */
  #occupy(to: number): void {
    const last = this.#occupied.at(-1);
    this.#isOccupied[to] = true;
    this.#occupied.push(to);
    if (last !== undefined && last > to) this.#occupied.sort((one, other) => one - other);
  }

  #gather(waiting: MessageQueue): void {
    this.#gathered.length = 0;
    this.#gatheredBytes = 0;
    this.#gatheredData = 0;
    for (let index = 0; index < waiting.length; index += 1) {
      const message = waiting.at(index);
      const size = messageSize(message);
      if (this.#gatheredBytes + size > this.#bytesMax) return;
      this.#gatheredBytes += size;
      this.#gathered.push(message);
      if (message.kind === Kind.data) this.#gatheredData += 1;
    }
  }

  /** Whether `member` may get a datagram now, and the gathered one is exactly what it would get. */
  #shares(member: number): boolean {
    const waiting = this.#waiting[member]!;
    const { length } = this.#gathered;
    if (waiting.length < length) return false;
    for (let index = 0; index < length; index += 1) {
      if (waiting.at(index) !== this.#gathered[index]) return false;
    }
    const hasRoom = (next: Message): boolean =>
      this.#gatheredBytes + messageSize(next) <= this.#bytesMax;
    if (waiting.length > length && hasRoom(waiting.at(length))) return false;
    return this.#admits(member);
  }
}

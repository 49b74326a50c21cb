import { assert } from '../../../core/base/assert.ts';
import { MessageQueue } from '../../../core/message-queue.ts';
import { Kind, type Message } from '../../../core/message.ts';
import { messageSize } from '../../../core/wire/message-codec.ts';
import { messagesBytesIn } from '../../../core/wire/datagram.ts';
import { halfOf } from '../../../core/wire/receivers.ts';

/**
 * A member multicasts nothing while more than this many bytes, and more than this many full datagrams, wait for one
 * other.
 */
const BACKLOG_BYTES_MAX = 64 * 1024;
const BACKLOG_DATAGRAMS_MAX = 4;

/** Whether a datagram may leave for a member now. */
export type Admission = (to: number) => boolean;

/**
 * Sends one datagram to `receivers`, who are in one half of the group: it holds at least one message, and at most
 * what fits of them. The caller uses both arrays again afterwards.
 */
export type Emission = (receivers: readonly number[], messages: readonly Message[]) => void;

/** What waits for one member. */
class Backlog {
  readonly messages = new MessageQueue();
  bytes = 0;
  /** Whether something has waited since everything was to leave. */
  isHeldBack = false;
  /** Whether its member is in the list of those for which something may wait. */
  isListed = false;
}

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
  /** By member. */
  readonly #backlogs: readonly Backlog[];
  /**
   * The members for which something may wait, so that a group of 64 costs no more than one of 4 where nothing
   * does: after `flush` those for which something does, in their order.
   */
  readonly #occupied: number[] = [];
  readonly #emit: Emission;
  readonly #admits: Admission;
  /** The messages of the datagram that is gathered, their bytes, and how many of them carry the application's. */
  readonly #gathered: Message[] = [];
  /** Those who get it. */
  readonly #receivers: number[] = [];
  #gatheredBytes = 0;
  #gatheredData = 0;
  readonly #bytesMax: number;
  /** The message that was measured last: a multicast adds the same one for each member. */
  #measured: Message | null = null;
  #measuredBytes = 0;

  /** `datagramBytes`: the length that no datagram exceeds. */
  constructor(size: number, emit: Emission, admits: Admission, datagramBytes: number) {
    this.#bytesMax = messagesBytesIn(datagramBytes);
    this.#backlogs = Array.from({ length: size }, () => new Backlog());
    this.#emit = emit;
    this.#admits = admits;
  }

  /** The members for which something waits, if nothing was added since `flush`; otherwise some more. */
  get occupied(): readonly number[] {
    return this.#occupied;
  }

  add(to: number, message: Message): void {
    const backlog = this.#backlogs[to]!;
    if (!backlog.isListed) this.#list(to, backlog);
    const size = this.#sizeOf(message);
    assert(size <= this.#bytesMax, `a message of ${size} bytes fits no datagram`);
    // A message that waits for room waits for `flush` as well: nobody asks again for each message.
    const fillsOne = backlog.bytes + size > this.#bytesMax;
    if (fillsOne && backlog.bytes <= this.#bytesMax) this.#emitFirst(to);
    backlog.messages.push(message);
    backlog.bytes += size;
  }

  /** Sends each member, from `first` on, one datagram of what waits for it, if it may leave. */
  flushOneEach(first = 0): void {
    const { length } = this.#occupied;
    const start = this.#occupied.findIndex((member) => member >= first);
    for (let index = Math.max(start, 0), left = length; left > 0; index += 1, left -= 1) {
      this.#emitFirst(this.#occupied[index % length]!);
    }
  }

  /**
   * Sends all waiting messages that may leave. Each member gets one datagram before anybody gets the rest,
   * because the caller may admit only some of them now.
   */
  flush(): void {
    this.flushOneEach();
    for (const to of this.#occupied) while (this.#emitFirst(to));
    let count = 0;
    for (const to of this.#occupied) {
      const backlog = this.#backlogs[to]!;
      backlog.isListed = backlog.isHeldBack = backlog.bytes > 0;
      if (backlog.isListed) this.#occupied[count++] = to;
    }
    this.#occupied.length = count;
  }

  /** Whether something waits for `to`. */
  waits(to: number): boolean {
    return this.#backlogs[to]!.bytes > 0;
  }

  /** Whether something waits for `to` that could not leave when everything was to leave (`flush`). */
  holdsBack(to: number): boolean {
    return this.#backlogs[to]!.isHeldBack;
  }

  /** Whether so much waits for `to` that messages that can wait elsewhere should. */
  isFull(to: number): boolean {
    const most = Math.max(BACKLOG_BYTES_MAX, BACKLOG_DATAGRAMS_MAX * this.#bytesMax);
    return this.#backlogs[to]!.bytes > most;
  }

  /** Drops what waits for `to`, as a network would, and gives it; channels send again what still matters. */
  drop(to: number): Message[] {
    const backlog = this.#backlogs[to]!;
    const dropped = backlog.messages.toArray();
    backlog.messages.clear();
    backlog.bytes = 0;
    backlog.isHeldBack = false;
    return dropped;
  }

  /**
   * Sends the first datagram that waits for `to`, if it may leave, to all members of its half for which the
   * same datagram comes first. False when nothing left.
   */
  #emitFirst(to: number): boolean {
    const { messages, bytes } = this.#backlogs[to]!;
    if (bytes === 0 || !this.#admits(to)) return false;
    this.#gather(messages);
    this.#receivers.length = 0;
    for (const member of this.#occupied) {
      const backlog = this.#backlogs[member]!;
      if (halfOf(member) !== halfOf(to)) continue;
      if (member !== to && !this.#isFirstOf(backlog.messages)) continue;
      if (member !== to && !this.#admits(member)) continue;
      this.#receivers.push(member);
      this.#takeGathered(backlog);
    }
    this.#emit(this.#receivers, this.#gathered);
    return true;
  }

  #takeGathered(backlog: Backlog): void {
    this.dataMessages += this.#gatheredData;
    this.controlMessages += this.#gathered.length - this.#gatheredData;
    backlog.bytes -= this.#gatheredBytes;
    for (let count = this.#gathered.length; count > 0; count -= 1) backlog.messages.shift();
    if (backlog.bytes === 0) backlog.isHeldBack = false;
  }

  /** Enters a member into the list, which multicasts fill in its order. */
  #list(to: number, backlog: Backlog): void {
    const last = this.#occupied.at(-1);
    backlog.isListed = true;
    this.#occupied.push(to);
    if (last !== undefined && last > to) this.#occupied.sort((one, other) => one - other);
  }

  #gather(waiting: MessageQueue): void {
    this.#gathered.length = 0;
    this.#gatheredBytes = 0;
    this.#gatheredData = 0;
    for (let index = 0; index < waiting.length; index += 1) {
      const message = waiting.at(index);
      const size = this.#sizeOf(message);
      if (this.#gatheredBytes + size > this.#bytesMax) return;
      this.#gatheredBytes += size;
      this.#gathered.push(message);
      if (message.kind === Kind.data) this.#gatheredData += 1;
    }
  }

  /** Whether the gathered datagram is exactly what would be gathered of what waits for this member. */
  #isFirstOf(waiting: MessageQueue): boolean {
    const { length } = this.#gathered;
    if (waiting.length < length) return false;
    for (let index = 0; index < length; index += 1) {
      if (waiting.at(index) !== this.#gathered[index]) return false;
    }
    return (
      waiting.length === length ||
      this.#gatheredBytes + this.#sizeOf(waiting.at(length)) > this.#bytesMax
    );
  }

  #sizeOf(message: Message): number {
    if (message !== this.#measured) {
      this.#measured = message;
      this.#measuredBytes = messageSize(message);
    }
    return this.#measuredBytes;
  }
}

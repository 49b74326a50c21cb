import { assert } from '../base/assert.ts';
import type { Digest } from '../base/digest.ts';
import { grown } from '../base/grown.ts';
import { PrefixDigests } from '../base/prefix-digests.ts';
import { Kind, Message } from '../message.ts';

/** Most logs are of short runs in a check, and V8 makes an array of up to 64 bytes several times as fast as a longer one. */
const LENGTH_BEGIN = 16;

/**
 * The total order as far as this member delivered it: index -> message, from 0 on.
 *
 * Only the layer in membership.ts appends to it; orderings read it. Two logs of one group are
 * prefixes of one another. A sender's messages stand in it in the order of their sequence numbers
 * and without gaps, which makes "is it delivered?" one comparison and is checked at each append.
 *
 * All entries are kept for the whole run, because any member may turn out to lag behind and has to be
 * brought up to date: the bound is the run's messages. So they are columns of numbers, and what an
 * ordering had written on a message (its place, its time) is forgotten: the log is the order.
 */
export class TotalOrderLog {
  #senders = new Uint16Array(LENGTH_BEGIN);
  #sequences = new Uint32Array(LENGTH_BEGIN);
  /**
   * Payloads by index, up to the last that has any bytes: a log of messages without payload, as most of
   * a simulation's are, has none here.
   */
  readonly #payloads: (Uint8Array | undefined)[] = [];
  readonly #counts: Uint32Array;
  readonly #digests = new PrefixDigests();
  /** How many messages are delivered, which is the index of the next one. */
  length = 0;

  /** `size`: members of the group, at most 65,536. */
  constructor(size: number) {
    assert(size <= 0x1_0000, 'a group has at most 65,536 members');
    this.#counts = new Uint32Array(size);
  }

  /** Which message stands at `index`: 0..length-1. */
  senderAt(index: number): number {
    assert(index < this.length, 'a log is read below its length');
    return this.#senders[index]!;
  }

  sequenceAt(index: number): number {
    assert(index < this.length, 'a log is read below its length');
    return this.#sequences[index]!;
  }

  /** How many messages of `sender` are delivered: the sequence number of its next one. */
  countOf(sender: number): number {
    return this.#counts[sender]!;
  }

  /** Whether message (`sender`, `sequence`) is delivered. */
  includes(sender: number, sequence: number): boolean {
    return sequence < this.#counts[sender]!;
  }

  /** Adds the next message of the order: the next one of its sender. */
  append({ sender, sequence, payload }: Message): void {
    assert(
      this.#counts[sender] === sequence,
      'a total order has each message of a sender once, in order and without gaps',
    );
    this.#counts[sender] = sequence + 1;
    const index = this.length;
    if (index === this.#senders.length) this.#grow();
    this.#senders[index] = sender;
    this.#sequences[index] = sequence;
    if (payload.length > 0) this.#keepPayload(index, payload);
    this.length = index + 1;
  }

  /**
   * A digest of the first `length` entries, by which two members find out whether one's log is the beginning of
   * the other's without sending it.
   */
  digestOf(length: number): Digest {
    assert(length <= this.length, 'a log is read below its length');
    return this.#digests.of(length, (index, digest) => {
      digest.add(this.#senders[index]!);
      digest.add(this.#sequences[index]!);
    });
  }

  /** The entries from index `start` on, up to `end` (all of them by default), as new messages. */
  from(start: number, end = this.length): Message[] {
    const messages: Message[] = [];
    for (let index = start; index < end; index += 1) {
      const [sender, sequence] = [this.#senders[index]!, this.#sequences[index]!];
      messages.push(new Message(Kind.data, sender, sequence, this.#payloads[index]));
    }
    return messages;
  }

  #keepPayload(index: number, payload: Uint8Array): void {
    while (this.#payloads.length < index) this.#payloads.push(undefined);
    this.#payloads.push(payload);
  }

  #grow(): void {
    this.#senders = grown(this.#senders, 2 * this.length);
    this.#sequences = grown(this.#sequences, 2 * this.length);
  }
}

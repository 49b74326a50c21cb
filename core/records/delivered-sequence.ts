import { assert, isU32 } from '../base/assert.ts';
import { grown } from '../base/grown.ts';
import type { Content } from './content.ts';
import { ContentNotes } from './content-notes.ts';

/** Most are of short runs in a check, and V8 makes an array of up to 64 bytes several times as fast as a longer one. */
const LENGTH_BEGIN = 16;

/**
 * What one member delivered, in order, and between which deliveries it multicast: the log of one
 * member, from which the comparison judges every guarantee.
 *
 * Delivery i is message (`senders[i]`, `sequences[i]`); the member's k-th multicast (k from 0) was
 * made after its first `deliveredBefore[k]` deliveries. Columns of numbers, not objects: a log of a
 * million deliveries takes 6 MB.
 */
export class DeliveredSequence {
  /** The contents of those deliveries whose content was not the one that the run prescribes. */
  readonly contents = new ContentNotes();
  #senders = new Uint16Array(LENGTH_BEGIN);
  #sequences = new Uint32Array(LENGTH_BEGIN);
  #length = 0;
  #deliveredBefore = new Uint32Array(LENGTH_BEGIN);
  #multicasts = 0;

  /** How many deliveries it holds. */
  get length(): number {
    return this.#length;
  }

  /** How many multicasts of the member's own were noted. */
  get multicasts(): number {
    return this.#multicasts;
  }

  /** Sender of each delivery, as a view that is valid until the next append. */
  get senders(): Uint16Array {
    return this.#senders.subarray(0, this.#length);
  }

  /** Sequence number of each delivery, as a view that is valid until the next append. */
  get sequences(): Uint32Array {
    return this.#sequences.subarray(0, this.#length);
  }

  /** How many deliveries came before each multicast: never decreasing; a view as above. */
  get deliveredBefore(): Uint32Array {
    return this.#deliveredBefore.subarray(0, this.#multicasts);
  }

  /** Notes a delivery of message (`sender`, `sequence`): 16 and 32 unsigned bits. */
  appendDelivery(sender: number, sequence: number): void {
    assert(isU32(sender) && sender <= 0xffff && isU32(sequence), 'a delivery is (u16, u32)');
    if (this.#length === this.#senders.length) {
      this.#senders = grown(this.#senders, 2 * this.#length);
      this.#sequences = grown(this.#sequences, 2 * this.#length);
    }
    this.#senders[this.#length] = sender;
    this.#sequences[this.#length] = sequence;
    this.#length += 1;
  }

  /** Notes that the delivery just appended carried `content`, which is not what the run prescribes. */
  noteContent(content: Content): void {
    assert(this.#length > 0, 'a content is noted of a delivery');
    this.contents.append(this.#length - 1, content);
  }

  /** Notes that the member multicasts its next message, now, before any further delivery. */
  appendMulticast(): void {
    if (this.#multicasts === this.#deliveredBefore.length) {
      this.#deliveredBefore = grown(this.#deliveredBefore, 2 * this.#multicasts);
    }
    this.#deliveredBefore[this.#multicasts] = this.#length;
    this.#multicasts += 1;
  }
}

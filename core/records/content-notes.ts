import { assert, isU32 } from '../base/assert.ts';
import { grown } from '../base/grown.ts';
import { CONTENT_HEAD_BYTES_MAX, type Content } from './content.ts';

/** What has no room yet is the same for all. */
const NO_NUMBERS = new Uint32Array(0);
const NO_BYTES = new Uint8Array(0);
const ROOM_BEGIN = 4;

/**
 * The contents of some deliveries of a log, by position: of those whose content is not the one that the
 * run prescribes (docs/decisions/0009-contents-by-exception.md). Mostly there are none. An ordering
 * that loses every content has one a delivery, so they are columns of numbers: 28 bytes a note.
 */
export class ContentNotes {
  #positions = NO_NUMBERS;
  #lengths = NO_NUMBERS;
  /** The upper and the lower half of the hash. */
  #high = NO_NUMBERS;
  #low = NO_NUMBERS;
  #heads = NO_BYTES;
  #count = 0;

  /** How many notes there are. */
  get count(): number {
    return this.#count;
  }

  /**
   * The positions of the deliveries that the notes are about, ascending; a view that is valid until
   * the next note.
   */
  get positions(): Uint32Array {
    return this.#positions.subarray(0, this.#count);
  }

  /** The content that note number `index` tells. */
  at(index: number): Content {
    assert(isU32(index) && index < this.#count, 'a note is asked for by its number');
    const length = this.#lengths[index]!;
    const begin = index * CONTENT_HEAD_BYTES_MAX;
    return {
      length,
      head: this.#heads.slice(begin, begin + Math.min(length, CONTENT_HEAD_BYTES_MAX)),
      hash: { high: this.#high[index]!, low: this.#low[index]! },
    };
  }

  /** How many notes are about deliveries before `position`: the number of the next one. */
  before(position: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#positions[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What the delivery at `position` carried; `null` where nothing is noted of it. */
  find(position: number): Content | null {
    const index = this.before(position);
    return index < this.#count && this.#positions[index] === position ? this.at(index) : null;
  }

  /** Notes what the delivery at `position` carried; positions increase. */
  append(position: number, { length, head, hash }: Content): void {
    const last = this.#count === 0 ? -1 : this.#positions[this.#count - 1]!;
    assert(isU32(position) && position > last, 'notes are made in the order of their deliveries');
    assert(isU32(length), 'a content has a length of 32 bits');
    if (this.#count === this.#positions.length) this.#grow();
    this.#positions[this.#count] = position;
    this.#lengths[this.#count] = length;
    this.#high[this.#count] = hash.high;
    this.#low[this.#count] = hash.low;
    this.#heads.set(head, this.#count * CONTENT_HEAD_BYTES_MAX);
    this.#count += 1;
  }

  #grow(): void {
    const room = Math.max(ROOM_BEGIN, 2 * this.#positions.length);
    this.#positions = grown(this.#positions, room);
    this.#lengths = grown(this.#lengths, room);
    this.#high = grown(this.#high, room);
    this.#low = grown(this.#low, room);
    this.#heads = grown(this.#heads, room * CONTENT_HEAD_BYTES_MAX);
  }
}

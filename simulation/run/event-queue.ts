import { assert } from '../../core/base/assert.ts';
import type { Message } from '../../core/message.ts';

/** The greatest time: whole microseconds that fit 32 bits, 71 minutes; a run lasts an hour at most. */
export const TIME_US_MAX = 0xffff_ffff;

/** A wheel has 2^10 slots; four wheels cover about 1 ms, 1 s, 18 minutes and all 2^32 us. */
const WHEEL_BITS = 10;
const SLOTS = 1 << WHEEL_BITS;
const WHEELS = 4;
/**
 * The number of words of 32 slots. It is the number of bits in a word, so that one word can tell which
 * of the others are not 0.
 */
const WORDS = SLOTS >>> 5;
const ROW = 4;
/** Stands for no row, since the memory does not hold this number of rows. */
const NONE = 0xffff_ffff;
const CAPACITY_INITIAL = 64;

/**
 * What is still to happen, earliest first; events of one time in the order in which they were pushed.
 *
 * A hierarchical timing wheel (Varghese and Lauck 1987). The first wheel has a slot for each
 * microsecond of the current block of 2^10, the second one for each such block in the current 2^20, and
 * so on; when a block becomes the current one its events move a wheel down. So pushing and popping take
 * constant time, however many events wait. An event is a row of four numbers, rows are linked to
 * lists, and free rows are used again: nothing is allocated for an event.
 *
 * Kind, first and second mean what the caller wants them to: 8, 16 and 16 unsigned bits.
 */
export class EventQueue {
  /** The event that was popped last. */
  at = 0;
  kind = 0;
  first = 0;
  second = 0;
  message: Message | null = null;
  /** How many events wait. */
  length = 0;

  /** Four numbers a row: time, next row of its list, first x 2^16 + second, kind. */
  #rows = new Uint32Array(CAPACITY_INITIAL * ROW);
  /** By row: its message; `null` for a row without one. */
  readonly #messages: (Message | null)[] = [];
  /** The first row of the list of free rows; without one, how many rows were ever used. */
  #free = NONE;
  #used = 0;
  /**
   * The first and the last row of each slot's list, for the slots of all wheels one after another; they mean
   * nothing for a slot that is not occupied.
   */
  readonly #lists = new Uint32Array(WHEELS * SLOTS * 2);
  /** One bit a slot: whether its list has rows. */
  readonly #occupied = new Int32Array(WHEELS * WORDS);
  /** One bit for each word of `#occupied`, in one number a wheel: whether the word is not 0. */
  readonly #summary = new Int32Array(WHEELS);
  /**
   * The time at which the wheels stand: never after the earliest event that waits, or the last popped
   * one.
   */
  #now = 0;

  /** `at` is no earlier than the event popped last. */
  push(at: number, kind: number, first: number, second: number, message: Message | null): void {
    assert(
      at >= this.#now && at <= TIME_US_MAX,
      'an event is at a time to come, within 71 minutes',
    );
    const row = this.#takeRow();
    const rows = this.#rows;
    rows[row * ROW] = at;
    rows[row * ROW + 2] = (first << 16) | second;
    rows[row * ROW + 3] = kind;
    this.#messages[row] = message;
    this.#append(row, at);
    this.length += 1;
  }

  /** Takes the next event into the fields above; false when there is none. */
  pop(): boolean {
    for (;;) {
      const slot = this.#nextOccupied(0, this.#now & (SLOTS - 1));
      if (slot >= 0) {
        this.#take(slot);
        return true;
      }
      const block = this.#nextBlock();
      if (block < 0) return false;
      // Where events are sparse, most blocks have a single event, which need not move down first.
      if (this.#lists[block * 2] === this.#lists[block * 2 + 1]) {
        this.#take(block);
        return true;
      }
      this.#moveDown(block);
    }
  }

  #take(slot: number): void {
    const rows = this.#rows;
    const row = this.#lists[slot * 2]!;
    const next = rows[row * ROW + 1]!;
    this.#lists[slot * 2] = next;
    if (next === NONE) this.#clear(slot);
    const members = rows[row * ROW + 2]!;
    this.at = rows[row * ROW]!;
    this.kind = rows[row * ROW + 3]!;
    this.first = members >>> 16;
    this.second = members & 0xffff;
    this.message = this.#messages[row]!;
    if (this.message !== null) this.#messages[row] = null;
    rows[row * ROW + 1] = this.#free;
    this.#free = row;
    this.#now = this.at;
    this.length -= 1;
  }

  /** The slot of the next block with events; -1 when there is none. The first wheel is empty. */
  #nextBlock(): number {
    for (let wheel = 1; wheel < WHEELS; wheel += 1) {
      const from = (this.#now >>> (wheel * WHEEL_BITS)) & (SLOTS - 1);
      const slot = this.#nextOccupied(wheel, from);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  /** Rows move in their order; a row that is pushed to the lower slots later comes after them. */
  #moveDown(slot: number): void {
    const shift = (slot >>> WHEEL_BITS) * WHEEL_BITS;
    const rows = this.#rows;
    let row = this.#lists[slot * 2]!;
    this.#clear(slot);
    this.#now = ((rows[row * ROW]! >>> shift) << shift) >>> 0;
    while (row !== NONE) {
      const next = rows[row * ROW + 1]!;
      this.#append(row, rows[row * ROW]!);
      row = next;
    }
  }

  /** The wheel is that of the highest bits in which `at` differs from the current time. */
  #append(row: number, at: number): void {
    const difference = (at ^ this.#now) >>> 0;
    let wheel = 0;
    if (difference >= SLOTS) wheel = difference < SLOTS * SLOTS ? 1 : difference < 2 ** 30 ? 2 : 3;
    const slot = wheel * SLOTS + ((at >>> (wheel * WHEEL_BITS)) & (SLOTS - 1));
    const lists = this.#lists;
    this.#rows[row * ROW + 1] = NONE;
    const word = slot >>> 5;
    const bit = 1 << (slot & 31);
    if ((this.#occupied[word]! & bit) === 0) {
      lists[slot * 2] = row;
      this.#occupied[word]! |= bit;
      this.#summary[wheel]! |= 1 << (word & (WORDS - 1));
    } else {
      this.#rows[lists[slot * 2 + 1]! * ROW + 1] = row;
    }
    lists[slot * 2 + 1] = row;
  }

  /** The first slot of `wheel` with rows, from its slot `from` on; -1 when there is none. */
  #nextOccupied(wheel: number, from: number): number {
    const word = wheel * WORDS + (from >>> 5);
    // The mask leaves out the slots before `from`.
    const bits = this.#occupied[word]! & (-1 << (from & 31));
    if (bits !== 0) return (word << 5) | lowestBit(bits);
    // This shifts twice, because a shift by 32 would be one by 0.
    const words = this.#summary[wheel]! & ((-1 << (from >>> 5)) << 1);
    if (words === 0) return -1;
    const next = wheel * WORDS + lowestBit(words);
    return (next << 5) | lowestBit(this.#occupied[next]!);
  }

  #clear(slot: number): void {
    const word = slot >>> 5;
    const bits = this.#occupied[word]! & ~(1 << (slot & 31));
    this.#occupied[word] = bits;
    if (bits === 0) this.#summary[slot >>> WHEEL_BITS]! &= ~(1 << (word & (WORDS - 1)));
  }

  #takeRow(): number {
    const row = this.#free;
    if (row !== NONE) {
      this.#free = this.#rows[row * ROW + 1]!;
      return row;
    }
    if (this.#used * ROW === this.#rows.length) this.#grow();
    this.#used += 1;
    return this.#used - 1;
  }

  #grow(): void {
    const longer = new Uint32Array(this.#rows.length * 2);
    longer.set(this.#rows);
    this.#rows = longer;
  }
}

/** The place of the lowest bit that is set; `bits` is not 0. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

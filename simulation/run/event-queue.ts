import { assert } from '../../core/base/assert.ts';
import { grown } from '../../core/base/grown.ts';
import type { Message } from '../../core/message.ts';

/** The greatest time: whole microseconds that fit 32 bits, 71 minutes; a run lasts an hour at most. */
export const TIME_US_MAX = 0xffff_ffff;

/** The calendar shows one block of 2^20 us, about a second: hardly any packet takes longer. */
const BLOCK_BITS = 20;
/** At first it has 2^6 days, since most runs are short; it may have 2^20, of a microsecond each. */
const DAYS_BITS_INITIAL = 6;
/** Days are too long when events have to pass more than this number of others on their way to their places ... */
const PASSED_MAX = 1;
/** ... on the average of this number of events or more. */
const PLACED_MIN = 64;
/** Days that are too long are divided into four. */
const FINER_BITS = 2;

const ROW = 4;
const ROWS_INITIAL = 64;
/** Stands for no row: rows are counted from 1. */
const NONE = 0;

/**
 * What is still to happen, earliest first; events of one time in the order in which they were pushed.
 *
 * A calendar queue (Brown 1988). The events of the current block of time lie in days, each of which is a
 * list sorted by time; those of later blocks wait in one list, until the calendar shows their block. Days
 * are divided when they turn out to be crowded, so that an event has hardly another one beside it. So
 * pushing and popping take about constant time, however many events wait. An event is a row of four numbers,
 * rows are linked to lists, and free rows are used again: nothing is allocated for an event.
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
  #rows = new Uint32Array(ROWS_INITIAL * ROW);
  /** By row: its message; `null` for a row without one. */
  readonly #messages: (Message | null)[] = [null];
  /** The first row of the list of free rows; without one, how many rows were ever used. */
  #free = NONE;
  #used = 1;
  /** The calendar shows the times that are this after division by 2^BLOCK_BITS. */
  #block = 0;
  /** How long a day is, as a power of two, and the greatest number of a day. */
  #dayBits = BLOCK_BITS - DAYS_BITS_INITIAL;
  #lastDay = (1 << DAYS_BITS_INITIAL) - 1;
  /** The first and the last row of each day; they mean nothing for a day without rows. */
  #days = new Uint32Array(2 << DAYS_BITS_INITIAL);
  /** One bit a day: whether it has rows. */
  #occupied = new Int32Array(1 << (DAYS_BITS_INITIAL - 5));
  /** Since days are as long as they are: how many events had to be placed before others, and passed how many. */
  #placed = 0;
  #passed = 0;
  /** The rows of later blocks, in the order in which they were pushed. */
  #laterFirst = NONE;
  #laterLast = NONE;

  /** `at` is no earlier than the event popped last. */
  push(at: number, kind: number, first: number, second: number, message: Message | null): void {
    assert(at >= this.at && at <= TIME_US_MAX, 'an event is at a time to come, within 71 minutes');
    const row = this.#takeRow();
    const rows = this.#rows;
    rows[row * ROW] = at;
    rows[row * ROW + 2] = (first << 16) | second;
    rows[row * ROW + 3] = kind;
    this.#messages[row] = message;
    this.length += 1;
    this.#place(row, at);
  }

  /** Takes the next event into the fields above; false when there is none. */
  pop(): boolean {
    let day = this.#nextOccupied((this.at >>> this.#dayBits) & this.#lastDay);
    if (day < 0) {
      if (this.#laterFirst === NONE) return false;
      this.#turnPage();
      day = this.#nextOccupied(0);
    }
    this.#take(day);
    return true;
  }

  #take(day: number): void {
    const rows = this.#rows;
    const row = this.#days[day * 2]!;
    const next = rows[row * ROW + 1]!;
    this.#days[day * 2] = next;
    if (next === NONE) this.#occupied[day >>> 5]! &= ~(1 << (day & 31));
    const members = rows[row * ROW + 2]!;
    this.at = rows[row * ROW]!;
    this.kind = rows[row * ROW + 3]!;
    this.first = members >>> 16;
    this.second = members & 0xffff;
    this.message = this.#messages[row]!;
    if (this.message !== null) this.#messages[row] = null;
    rows[row * ROW + 1] = this.#free;
    this.#free = row;
    this.length -= 1;
  }

  #place(row: number, at: number): void {
    if (at >>> BLOCK_BITS !== this.#block) {
      this.#postpone(row);
      return;
    }
    const day = (at >>> this.#dayBits) & this.#lastDay;
    const word = day >>> 5;
    const bit = 1 << (day & 31);
    const days = this.#days;
    if ((this.#occupied[word]! & bit) === 0) {
      this.#occupied[word]! |= bit;
      this.#rows[row * ROW + 1] = NONE;
      days[day * 2] = row;
      days[day * 2 + 1] = row;
    } else this.#insert(day, row, at);
  }

  /** Puts a row behind those of its day that are no later. */
  #insert(day: number, row: number, at: number): void {
    const rows = this.#rows;
    const days = this.#days;
    const last = days[day * 2 + 1]!;
    if (at >= rows[last * ROW]!) {
      rows[last * ROW + 1] = row;
      rows[row * ROW + 1] = NONE;
      days[day * 2 + 1] = row;
      return;
    }
    let before = NONE;
    let after = days[day * 2]!;
    while (at >= rows[after * ROW]!) {
      before = after;
      after = rows[after * ROW + 1]!;
      this.#passed += 1;
    }
    rows[row * ROW + 1] = after;
    if (before === NONE) days[day * 2] = row;
    else rows[before * ROW + 1] = row;
    this.#placed += 1;
    const isCrowded = this.#placed >= PLACED_MIN && this.#passed > PASSED_MAX * this.#placed;
    if (isCrowded && this.#dayBits > 0) this.#divideDays();
  }

  #postpone(row: number): void {
    this.#rows[row * ROW + 1] = NONE;
    if (this.#laterFirst === NONE) this.#laterFirst = row;
    else this.#rows[this.#laterLast * ROW + 1] = row;
    this.#laterLast = row;
  }

  /** Shows the block of the next event, when the one shown has none left. */
  #turnPage(): void {
    let earliest = TIME_US_MAX;
    for (let row = this.#laterFirst; row !== NONE; row = this.#rows[row * ROW + 1]!) {
      earliest = Math.min(earliest, this.#rows[row * ROW]!);
    }
    this.#block = earliest >>> BLOCK_BITS;
    const first = this.#laterFirst;
    this.#laterFirst = NONE;
    this.#placeAll(first);
  }

  /** Places the rows of a list; those of one time stay in their order. */
  #placeAll(first: number): void {
    for (let row = first; row !== NONE;) {
      const next = this.#rows[row * ROW + 1]!;
      this.#place(row, this.#rows[row * ROW]!);
      row = next;
    }
  }

  #divideDays(): void {
    const days = this.#days;
    const lastDay = this.#lastDay;
    const occupied = this.#occupied;
    this.#placed = 0;
    this.#passed = 0;
    this.#dayBits -= FINER_BITS;
    this.#lastDay = (this.#lastDay << FINER_BITS) | ((1 << FINER_BITS) - 1);
    this.#days = new Uint32Array(days.length << FINER_BITS);
    this.#occupied = new Int32Array(occupied.length << FINER_BITS);
    for (let day = 0; day <= lastDay; day += 1) {
      if ((occupied[day >>> 5]! & (1 << (day & 31))) !== 0) this.#placeAll(days[day * 2]!);
    }
  }

  /** The first day with rows, from `from` on; -1 when there is none. */
  #nextOccupied(from: number): number {
    const occupied = this.#occupied;
    let word = from >>> 5;
    // The mask leaves out the days before `from`.
    let bits = occupied[word]! & (-1 << (from & 31));
    while (bits === 0) {
      word += 1;
      if (word === occupied.length) return -1;
      bits = occupied[word]!;
    }
    return (word << 5) | (31 - Math.clz32(bits & -bits));
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
    this.#rows = grown(this.#rows, 2 * this.#rows.length);
  }
}

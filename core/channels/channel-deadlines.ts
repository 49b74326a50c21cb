/**
 * The deadline of each channel of one member, and which comes first: a binary heap of the members, with
 * the place of each, so that a deadline that changes costs as many steps as the heap is deep. A member
 * has a channel to everyone, and thousands of them must not be looked through to find one. Deadlines lie
 * in the order of the heap, so that the two below a place are neighbours in memory.
 */
export class ChannelDeadlines {
  /** The heap, two columns: no deadline is before that of the place at half its index. */
  readonly #deadlines: Float64Array;
  readonly #members: Int32Array;
  /** Where in the heap each member is. */
  readonly #places: Int32Array;

  /** Nothing is due on any of `size` channels. */
  constructor(size: number) {
    this.#deadlines = new Float64Array(size);
    this.#members = new Int32Array(size);
    this.#places = new Int32Array(size);
    for (let member = 0; member < size; member += 1) this.#put(member, member, Infinity);
  }

  /** The earliest deadline; `Infinity` when there is none. */
  get earliest(): number {
    return this.#deadlines[0]!;
  }

  /** A member with the earliest deadline. */
  get first(): number {
    return this.#members[0]!;
  }

  /** Makes the deadline of `member` `deadline`, if it is earlier than the one it has. */
  lower(member: number, deadline: number): void {
    const place = this.#places[member]!;
    if (deadline < this.#deadlines[place]!) this.#rise(place, member, deadline);
  }

  /** Makes the deadline of `member` `deadline`. */
  set(member: number, deadline: number): void {
    const place = this.#places[member]!;
    if (deadline < this.#deadlines[place]!) this.#rise(place, member, deadline);
    else this.#sink(place, member, deadline);
  }

  /** The members whose deadline has come, ascending. */
  due(now: number): number[] {
    const due: number[] = [];
    this.#collect(now, 0, due);
    return due.length < 2 ? due : due.sort((one, other) => one - other);
  }

  #collect(now: number, place: number, due: number[]): void {
    if (place >= this.#members.length || this.#deadlines[place]! > now) return;
    due.push(this.#members[place]!);
    this.#collect(now, 2 * place + 1, due);
    this.#collect(now, 2 * place + 2, due);
  }

  /** Puts `member` where it belongs at `from` or above. */
  #rise(from: number, member: number, deadline: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#deadlines[parent]! <= deadline) break;
      this.#put(place, this.#members[parent]!, this.#deadlines[parent]!);
      place = parent;
    }
    this.#put(place, member, deadline);
  }

  /** Puts `member` where it belongs at `from` or below. */
  #sink(from: number, member: number, deadline: number): void {
    const deadlines = this.#deadlines;
    let place = from;
    for (let child = 2 * place + 1; child < deadlines.length; child = 2 * place + 1) {
      if (child + 1 < deadlines.length && deadlines[child + 1]! < deadlines[child]!) child += 1;
      if (deadlines[child]! >= deadline) break;
      this.#put(place, this.#members[child]!, deadlines[child]!);
      place = child;
    }
    this.#put(place, member, deadline);
  }

  #put(place: number, member: number, deadline: number): void {
    this.#deadlines[place] = deadline;
    this.#members[place] = member;
    this.#places[member] = place;
  }
}

/**
 * The deadline of each channel of one member, and which comes first: a binary heap of the members, with
 * the place of each, so that a deadline that changes costs as many steps as the heap is deep. A member
 * has a channel to everyone, and thousands of them must not be looked through to find one.
 */
export class ChannelDeadlines {
  readonly #deadlines: Float64Array;
  /** The heap: no member's deadline is before that of the one at half its index. */
  readonly #members: Uint32Array;
  /** Where in the heap each member is. */
  readonly #places: Uint32Array;

  /** Nothing is due on any of `size` channels. */
  constructor(size: number) {
    this.#deadlines = new Float64Array(size).fill(Infinity);
    this.#members = Uint32Array.from({ length: size }, (_, member) => member);
    this.#places = this.#members.slice();
  }

  /** The earliest deadline; `Infinity` when there is none. */
  get earliest(): number {
    return this.#deadlines[this.#members[0]!]!;
  }

  /** A member with the earliest deadline. */
  get first(): number {
    return this.#members[0]!;
  }

  /** Makes the deadline of `member` `deadline`, if it is earlier than the one it has. */
  lower(member: number, deadline: number): void {
    if (deadline >= this.#deadlines[member]!) return;
    this.#deadlines[member] = deadline;
    this.#rise(member);
  }

  /** Makes the deadline of `member` `deadline`. */
  set(member: number, deadline: number): void {
    const before = this.#deadlines[member]!;
    this.#deadlines[member] = deadline;
    if (deadline < before) this.#rise(member);
    else this.#sink(member);
  }

  /** The members whose deadline has come, ascending. */
  due(now: number): number[] {
    const due: number[] = [];
    this.#collect(now, 0, due);
    return due.length < 2 ? due : due.sort((one, other) => one - other);
  }

  #collect(now: number, place: number, due: number[]): void {
    if (place >= this.#members.length) return;
    const member = this.#members[place]!;
    if (this.#deadlines[member]! > now) return;
    due.push(member);
    this.#collect(now, 2 * place + 1, due);
    this.#collect(now, 2 * place + 2, due);
  }

  #rise(member: number): void {
    const deadline = this.#deadlines[member]!;
    let place = this.#places[member]!;
    while (place > 0) {
      const parent = this.#members[(place - 1) >> 1]!;
      if (this.#deadlines[parent]! <= deadline) break;
      this.#put(parent, place);
      place = (place - 1) >> 1;
    }
    this.#put(member, place);
  }

  #sink(member: number): void {
    const deadline = this.#deadlines[member]!;
    let place = this.#places[member]!;
    for (;;) {
      const child = this.#earlierChild(place);
      if (child < 0 || this.#deadlines[child]! >= deadline) break;
      const freed = this.#places[child]!;
      this.#put(child, place);
      place = freed;
    }
    this.#put(member, place);
  }

  /** The member with the earlier deadline of the two below `place`; -1 when there is none. */
  #earlierChild(place: number): number {
    const left = 2 * place + 1;
    if (left >= this.#members.length) return -1;
    const one = this.#members[left]!;
    if (left + 1 === this.#members.length) return one;
    const other = this.#members[left + 1]!;
    return this.#deadlines[other]! < this.#deadlines[one]! ? other : one;
  }

  #put(member: number, place: number): void {
    this.#members[place] = member;
    this.#places[member] = place;
  }
}

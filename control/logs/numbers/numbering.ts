/** Numbers that cannot be those of a message get places from here on: beyond any number of messages. */
const STRAYS = 2 ** 31;

/** Whether a place is that of a number that no message of its sender can have. */
export function isStray(place: number): boolean {
  return place >= STRAYS;
}

/** The places of a sender's messages, counted from 0, for the numbers that the logs have for them. */
export interface Numbering {
  /** What the first message of each sender is called; `null` where numbers are times, with gaps. */
  readonly first: number | null;
  place(sender: number, number: number): number;
  number(sender: number, place: number): number;
}

/** Numbers that count: one after the other, from `first` on at every sender. */
export class CountedNumbers implements Numbering {
  readonly first: number;
  readonly #strays = new Strays();

  constructor(first: number) {
    this.first = first;
  }

  place(_sender: number, number: number): number {
    const place = number - this.first;
    return place >= 0 && place < STRAYS ? place : this.#strays.place(number);
  }

  number(_sender: number, place: number): number {
    return place < STRAYS ? place + this.first : this.#strays.number(place);
  }
}

/** Numbers that only grow, such as Lamport's times: the k-th smallest of a sender is its k-th message. */
export class GrowingNumbers implements Numbering {
  readonly first = null;
  readonly #sorted: readonly Float64Array[];
  readonly #strays = new Strays();

  /** `genuine` are the numbers of each sender's messages, in any order. */
  constructor(genuine: readonly (readonly number[])[]) {
    this.#sorted = genuine.map((numbers) => Float64Array.from(numbers).sort());
  }

  place(sender: number, number: number): number {
    const sorted = this.#sorted[sender]!;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return sorted[low] === number ? low : this.#strays.place(number);
  }

  number(sender: number, place: number): number {
    return this.#sorted[sender]?.[place] ?? (place >= STRAYS ? this.#strays.number(place) : place);
  }
}

/** Numbers beside all messages, each with a place of its own. */
class Strays {
  readonly #places = new Map<number, number>();
  readonly #numbers: number[] = [];

  place(number: number): number {
    const known = this.#places.get(number);
    if (known !== undefined) return known;
    const place = STRAYS + this.#numbers.length;
    this.#places.set(number, place);
    this.#numbers.push(number);
    return place;
  }

  number(place: number): number {
    return this.#numbers[place - STRAYS]!;
  }
}

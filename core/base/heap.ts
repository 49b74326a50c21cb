/**
 * A binary heap: the item that precedes all others is found at once, adding and taking cost
 * logarithmic time. `precedes` must be a strict total order that does not change while an item is
 * inside. Its size is bounded by what its user puts in.
 * Source: Williams, "Algorithm 232: Heapsort" (1964).
 */
export class Heap<Item> {
  readonly #precedes: (one: Item, other: Item) => boolean;
  readonly #items: Item[] = [];

  constructor(precedes: (one: Item, other: Item) => boolean) {
    this.#precedes = precedes;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The item that precedes all others; `undefined` when there is none. */
  get first(): Item | undefined {
    return this.#items[0];
  }

  add(item: Item): void {
    const items = this.#items;
    let place = items.length;
    items.push(item);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#precedes(item, items[parent]!)) break;
      items[place] = items[parent]!;
      place = parent;
    }
    items[place] = item;
  }

  /** Takes out `first`. */
  take(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) this.#sink(last!);
    return first;
  }

  /** All items, in no order that means anything, as a new array. */
  toArray(): Item[] {
    return this.#items.slice();
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Puts `item` at the root's place, then sinks it below whatever precedes it. */
  #sink(item: Item): void {
    const items = this.#items;
    let place = 0;
    for (let child = 1; child < items.length; child = 2 * place + 1) {
      if (child + 1 < items.length && this.#precedes(items[child + 1]!, items[child]!)) child += 1;
      if (!this.#precedes(items[child]!, item)) break;
      items[place] = items[child]!;
      place = child;
    }
    items[place] = item;
  }
}

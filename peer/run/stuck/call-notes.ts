/** The calls of an ordering, and what of it is read, that are watched. */
export const WATCHED_CALLS = [
  'create',
  'multicast',
  'multicastAll',
  'receive',
  'advance',
  'blockage',
  'deadline',
  'held',
  'isBackedUp',
] as const;

export type WatchedCall = (typeof WATCHED_CALLS)[number];

/** What one thread notes of its calls in memory that another thread reads as well. */
export class CallNotes {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory);
  }

  /** Grows by one as a call begins, and as it comes back: it is odd while one is under way. */
  get count(): number {
    return Atomics.load(this.#numbers, 0);
  }

  /** The call that began last. */
  get call(): WatchedCall {
    return WATCHED_CALLS[Atomics.load(this.#numbers, 1)]!;
  }

  /** Makes the call, and notes when it begins and ends. The calls of one thread are not nested. */
  during<Result>(call: WatchedCall, work: () => Result): Result {
    Atomics.store(this.#numbers, 1, WATCHED_CALLS.indexOf(call));
    Atomics.add(this.#numbers, 0, 1);
    try {
      return work();
    } finally {
      Atomics.add(this.#numbers, 0, 1);
    }
  }
}

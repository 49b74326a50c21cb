/**
 * Notices that a thread hangs: it counts its signs of life in memory that this thread reads as well, and for
 * `hangMs` the count has not changed. Times are readings of one clock that never goes back, in milliseconds.
 */
export class HangWatch {
  readonly hangMs: number;
  readonly #signs: () => number;
  #seen = -1;
  #seenAtMs = -Infinity;

  /** `signs` reads the count; it need not grow, but it changes with every sign of life. */
  constructor(signs: () => number, hangMs: number) {
    this.#signs = signs;
    this.hangMs = hangMs;
  }

  /** Begins to wait at `nowMs`: until then the thread had nothing to do. */
  begin(nowMs: number): void {
    this.#seen = this.#signs();
    this.#seenAtMs = nowMs;
  }

  /** Whether there was no sign of life for longer than `hangMs`, as far as the looks tell. */
  isHanging(nowMs: number): boolean {
    if (this.#signs() !== this.#seen) this.begin(nowMs);
    return nowMs - this.#seenAtMs > this.hangMs;
  }
}

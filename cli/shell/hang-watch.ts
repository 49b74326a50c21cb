/**
 * Of the time between two looks, this share of the bound counts at most. Whoever was stopped together with the thread (Ctrl-Z, a
 * laptop that sleeps) finds a long time gone by in which the thread could not give a sign either.
 */
const SHARE_OF_A_LOOK = 1 / 4;

/**
 * Notices that a thread hangs: it counts its signs of life in memory that this thread reads as well, and for
 * `hangMs` the count has not changed. Times are readings of one clock that never goes back, in milliseconds.
 */
export class HangWatch {
  readonly hangMs: number;
  readonly #signs: () => number;
  #seen = -1;
  #lookedAtMs = -Infinity;
  /** How long there has been no sign of life, as far as the looks tell. */
  #silentMs = 0;

  /** `signs` reads the count; it need not grow, but it changes with every sign of life. */
  constructor(signs: () => number, hangMs: number) {
    this.#signs = signs;
    this.hangMs = hangMs;
  }

  /** Begins to wait at `nowMs`: until then the thread had nothing to do. */
  begin(nowMs: number): void {
    this.#seen = this.#signs();
    this.#lookedAtMs = nowMs;
    this.#silentMs = 0;
  }

  /** Whether there was no sign of life for longer than `hangMs`. It takes at least five looks to tell. */
  isHanging(nowMs: number): boolean {
    if (this.#signs() !== this.#seen) this.begin(nowMs);
    this.#silentMs += Math.min(nowMs - this.#lookedAtMs, this.hangMs * SHARE_OF_A_LOOK);
    this.#lookedAtMs = nowMs;
    return this.#silentMs > this.hangMs;
  }
}

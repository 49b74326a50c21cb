import type { Microseconds } from '../ordering.ts';

/** How long a member rests that was left out of a view for the first time; each further time doubles it. */
const REST_US = 200_000;
/** A change of view that takes no longer than this is an ordinary one, also between continents. */
const ORDINARY_CHANGE_US = 2_000_000;
/** The member that was left out rests for four times what a change took beyond that: what it costs the others stays a small part of all time. */
const REST_FOR_HOLD_UP = 4;
const REST_US_MAX = 30_000_000;
/** For each time that it stayed in the view for this long, as long as the longest rest, a member rests half as long the next time. */
const FORGIVEN_US = REST_US_MAX;

/**
 * When a member that was left out of a view may be taken back. All others stand still while it is, and if it is only
 * slow, it will soon be left out once more: so views would change without end. Therefore it rests, each time for twice
 * as long, and for a multiple of the time for which the last change held the others up. It is what the
 * eventually perfect failure detector does with its timeouts (Chandra and Toueg 1996, section 3): whom it wronged it
 * treats with more patience; whom it took back in vain, this treats with less, until it has stayed for long.
 */
export class Absences {
  /** By member: until when it rests, and for how long it is to rest the next time. */
  readonly #untilUs: Float64Array;
  readonly #nextUs: Float64Array;
  /** By member: since when it is in the view; `Infinity` while it is not. */
  readonly #presentSince: Float64Array;
  /** Whether an attempt that was no ordinary one had to go on without it. */
  readonly #isSlow: Uint8Array;

  constructor(size: number) {
    this.#untilUs = new Float64Array(size);
    this.#nextUs = new Float64Array(size).fill(REST_US);
    this.#presentSince = new Float64Array(size);
    this.#isSlow = new Uint8Array(size);
  }

  /** Notes that a view, or an attempt at one, which stopped the others for `heldUpUs`, went on without `member`. */
  leaveOut(now: Microseconds, member: number, heldUpUs: Microseconds): void {
    this.#forgive(now, member);
    // Who was left out for the first time may have been cut off, and may have gone astray: then it is to learn of it at once,
    // and no refusal tells it what it did in the view that ended without it (`Acceptor.refusalFor`).
    const isFirst = this.#nextUs[member] === REST_US;
    const owedUs = isFirst ? 0 : REST_FOR_HOLD_UP * Math.max(0, heldUpUs - ORDINARY_CHANGE_US);
    const restUs = Math.min(Math.max(this.#nextUs[member]!, owedUs), REST_US_MAX);
    this.#untilUs[member] = now + restUs;
    this.#nextUs[member] = Math.min(2 * this.#nextUs[member]!, REST_US_MAX);
    this.#presentSince[member] = Infinity;
    if (owedUs > 0) this.#isSlow[member] = 1;
  }

  /** Notes that `member` is in the view that begins. */
  takeBack(now: Microseconds, member: number): void {
    this.#untilUs[member] = 0;
    if (this.#presentSince[member] === Infinity) this.#presentSince[member] = now;
  }

  /** Whether the others once went on without `member` after more than an ordinary change. */
  isSlow(member: number): boolean {
    return this.#isSlow[member] === 1;
  }

  /** Until when `member` rests; 0 if it was never left out. */
  restsUntil(member: number): Microseconds {
    return this.#untilUs[member]!;
  }

  /** Shortens the next rest of `member` by how long it has been in the view. */
  #forgive(now: Microseconds, member: number): void {
    const halvings = Math.floor((now - this.#presentSince[member]!) / FORGIVEN_US);
    if (halvings > 0) {
      this.#nextUs[member] = Math.max(REST_US, this.#nextUs[member]! / 2 ** halvings);
    }
  }
}

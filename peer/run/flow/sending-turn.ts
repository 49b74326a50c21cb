import { READS_PER_TURN } from '../turns.ts';

/**
 * A member sends for no longer than this in one turn, then receives first: a slow process with much to send
 * would hear nobody meanwhile, and credit and signs of life would wait in its socket.
 */
const SENDING_US_MAX = 50_000;

/**
 * What a member may send in one turn. Everybody gets one datagram in each turn, however long that takes: the last of many
 * members heard nothing of a slow first one, and took it for dead. Of more than a turn reads, as each may be
 * answered, the others get theirs in the next turn.
 */
export class SendingTurn {
  /** Whether something waits only because this member has been sending for long enough. */
  isInterrupted = false;
  #sendingUs = 0;
  /** Whether everybody gets one datagram now, how many were sent so, and who was the first that got none; -1: nobody. */
  #isInRound = false;
  #sentInRound = 0;
  #cutAt = -1;
  /** How long this member had been sending in this turn when the round began. */
  #usBeforeRound = 0;

  /** Begins the round in which everybody gets one datagram; returns who gets the first, -1 for nobody in particular. */
  beginRound(): number {
    const first = this.isInterrupted ? this.#cutAt : -1;
    this.isInterrupted = false;
    this.#isInRound = true;
    this.#sentInRound = 0;
    this.#cutAt = -1;
    this.#usBeforeRound = this.#sendingUs;
    return first;
  }

  endRound(): void {
    this.#isInRound = false;
    // A round of as many as a turn reads is all that a slow member sends in a turn.
    if (this.#sentInRound < READS_PER_TURN) this.#sendingUs = this.#usBeforeRound;
  }

  /** Whether a datagram may leave for `to` in this turn. */
  admits(to: number): boolean {
    if (this.#isInRound) return this.#isOfRound(to);
    if (this.#sendingUs < SENDING_US_MAX) return true;
    this.isInterrupted = true;
    return false;
  }

  /** Notes that a datagram left for `count` members, which took `us` microseconds. */
  sent(count: number, us: number): void {
    this.#sentInRound += count;
    this.#sendingUs += us;
  }

  end(): void {
    this.#sendingUs = 0;
  }

  #isOfRound(to: number): boolean {
    if (this.#sentInRound < READS_PER_TURN) return true;
    if (this.#cutAt < 0) this.#cutAt = to;
    return false;
  }
}

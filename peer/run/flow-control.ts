/**
 * Datagrams of messages that a member may get ahead of what a receiver said that it took in, before the
 * receiver has said anything.
 */
const AHEAD_INITIAL = 16;
const AHEAD_MIN = 8;
/** What Linux grants a socket by default, in datagrams of full size: 212,992 bytes, doubled, at 2,304 each. */
const BUFFER_DATAGRAMS = 184;
/** A receiver speaks again once this part of what it granted is used. */
const SPEAKS_AFTER = 2;
/** Who has no credit tries one datagram so often: the word that granted it may have been lost. */
const TRY_US = 50_000;
/**
 * Who did not answer so many tries, which takes a second at least, does not hold up the others any more: what
 * is for it is dropped. Tries rather than time, as a member that was stopped itself heard nobody meanwhile.
 */
const TRIES_MAX = 20;

/**
 * Flow control between members, by credit: a receiver tells each sender up to which of its datagrams it
 * took in, and the sender gets only so far ahead of that as the receiver's socket has room, which the
 * senders share. So no receive buffer overflows, however fast a member can multicast, and with
 * orderings that acknowledge nothing, too. The windows of TCP (RFC 9293, section 3.8.6) in datagrams:
 * what counts are packet numbers, which every datagram has, so that a lost one costs no credit.
 */
export class FlowControl {
  /** Of each member: how far it took in and how much more it granted; what was tried beyond that since. */
  readonly #taken: number[];
  readonly #ahead: number[];
  readonly #tries: number[];
  readonly #triedAt: number[];
  /** Of each member: up to which packet this one told it that it took in, and took in. */
  readonly #told: number[];
  readonly #received: number[];
  /** What each other member may get ahead here. */
  readonly grant: number;

  constructor(size: number) {
    const numbers = (value: number): number[] => Array.from({ length: size }, () => value);
    this.#taken = numbers(0);
    this.#ahead = numbers(AHEAD_INITIAL);
    this.#tries = numbers(0);
    this.#triedAt = numbers(-Infinity);
    this.#told = numbers(0);
    this.#received = numbers(0);
    this.grant = Math.max(AHEAD_MIN, Math.floor(BUFFER_DATAGRAMS / Math.max(1, size - 1)));
  }

  /** Whether the datagram with number `packet` may leave for `to` now; then it does. */
  take(now: number, to: number, packet: number): boolean {
    const isBeyond = packet > this.#taken[to]! + this.#ahead[to]!;
    if (isBeyond && now < this.#triedAt[to]! + TRY_US) return false;
    if (isBeyond) this.#tries[to]! += 1;
    this.#triedAt[to] = now;
    return true;
  }

  /** When one more may be tried for `to`, for which no datagram may leave. */
  retryAt(to: number): number {
    return this.#triedAt[to]! + TRY_US;
  }

  /** Whether `to` has answered nothing for so long that nobody waits for it. */
  isStale(to: number): boolean {
    return this.#tries[to]! >= TRIES_MAX;
  }

  /** `from` took in everything of this member up to `packet` that came, and grants `ahead` beyond. */
  credited(from: number, packet: number, ahead: number): void {
    this.#tries[from] = 0;
    if (packet < this.#taken[from]!) return;
    this.#taken[from] = packet;
    this.#ahead[from] = ahead;
  }

  /** A datagram of messages was taken in. */
  received(from: number, packet: number): void {
    if (packet > this.#received[from]!) this.#received[from] = packet;
  }

  /** The packet number to tell `to` if it should hear of it now, or 0. */
  due(to: number): number {
    const received = this.#received[to]!;
    // Before it was told anything, it has what everybody begins with.
    const granted = this.#told[to] === 0 ? Math.min(AHEAD_INITIAL, this.grant) : this.grant;
    if (received - this.#told[to]! < Math.floor(granted / SPEAKS_AFTER)) return 0;
    this.#told[to] = received;
    return received;
  }
}

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
 * orderings that acknowledge nothing, too. The windows of TCP (RFC 9293, section 3.8.6) in datagrams.
 *
 * A sender numbers its datagrams for all members together, so it remembers which went to whom; a lost one
 * costs no credit, because later ones are told of. A receiver that heard of few of them, as most were lost,
 * has no cause to speak: so the sender says of its last datagram that it is the last.
 */
export class FlowControl {
  /** Of each member: the numbers of the datagrams under way to it, ascending, as far as is known. */
  readonly #underWay: number[][];
  /** How far it took in and how much more it granted; what was tried beyond that since. */
  readonly #taken: number[];
  readonly #ahead: number[];
  readonly #tries: number[];
  readonly #leftAt: number[];
  /** Of each member: the newest of its datagrams that came, and how many since it was told. */
  readonly #received: number[];
  readonly #untold: number[];
  readonly #hasTold: boolean[];
  /** What each other member may get ahead here. */
  readonly grant: number;

  constructor(size: number) {
    const numbers = (value: number): number[] => Array.from({ length: size }, () => value);
    this.#underWay = Array.from({ length: size }, () => []);
    this.#taken = numbers(0);
    this.#ahead = numbers(AHEAD_INITIAL);
    this.#tries = numbers(0);
    this.#leftAt = numbers(-Infinity);
    this.#received = numbers(0);
    this.#untold = numbers(0);
    this.#hasTold = Array.from({ length: size }, () => false);
    this.grant = Math.max(AHEAD_MIN, Math.floor(BUFFER_DATAGRAMS / Math.max(1, size - 1)));
  }

  /** Whether a datagram may leave for `to` now. */
  admits(now: number, to: number): boolean {
    return this.#hasCredit(to) || now >= this.retryAt(to);
  }

  /** Whether the next datagram for `to` uses up its credit, or is tried without any. */
  isLast(to: number): boolean {
    return this.#underWay[to]!.length + 1 >= this.#ahead[to]!;
  }

  /** The datagram with number `packet` leaves for `to`. */
  left(now: number, to: number, packet: number): void {
    const underWay = this.#underWay[to]!;
    if (!this.#hasCredit(to)) this.#tries[to]! += 1;
    this.#leftAt[to] = now;
    underWay.push(packet);
    // What was tried in vain for long is lost: nobody will tell of it.
    if (underWay.length > this.#ahead[to]! + TRIES_MAX) underWay.shift();
  }

  /** When one more may be tried for `to`, for which no datagram may leave. */
  retryAt(to: number): number {
    return this.#leftAt[to]! + TRY_US;
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
    const underWay = this.#underWay[from]!;
    const first = underWay.findIndex((number) => number > packet);
    underWay.splice(0, first < 0 ? underWay.length : first);
  }

  /** A datagram of messages was taken in. */
  received(from: number, packet: number): void {
    this.#received[from] = Math.max(this.#received[from]!, packet);
    this.#untold[from]! += 1;
  }

  /** The packet number to tell `to` if it should hear of it now, as when it `asks`; or 0. */
  due(to: number, asks = false): number {
    // Before it was told anything, it has what everybody begins with.
    const granted = this.#hasTold[to]! ? this.grant : Math.min(AHEAD_INITIAL, this.grant);
    if (!asks && this.#untold[to]! < Math.floor(granted / SPEAKS_AFTER)) return 0;
    this.#untold[to] = 0;
    this.#hasTold[to] = true;
    return this.#received[to]!;
  }

  #hasCredit(to: number): boolean {
    return this.#underWay[to]!.length < this.#ahead[to]!;
  }
}

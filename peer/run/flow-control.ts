/** How many datagrams of messages a member may send before the receiver has granted anything. */
const AHEAD_INITIAL = 16;
const AHEAD_MIN = 8;
/** The largest receive buffer that Linux grants by default: net.core.rmem_max, doubled (socket(7)). */
const SOCKET_BUFFER_BYTES = 2 * 212_992;
/** What a datagram of full size takes of that buffer. */
const FULL_DATAGRAM_BYTES = 2_304;
const BUFFER_DATAGRAMS = Math.floor(SOCKET_BUFFER_BYTES / FULL_DATAGRAM_BYTES);
/** A receiver grants anew once the sender used this part (one half) of its last grant. */
const SPEAKS_AFTER = 2;
/** A member without credit tries one datagram at this interval, as the grant may have been lost. */
const TRY_US = 50_000;
/**
 * A member that did not answer this many tries, which take a second at least, holds up the others no
 * longer: what waits for it is dropped. Tries count rather than time, since this member may have been
 * stopped itself, and then heard nobody meanwhile.
 */
const TRIES_MAX = 20;

/**
 * Flow control between members, by credit: a receiver tells each sender up to which of its datagrams it
 * took in, and the sender gets ahead of that by no more than its share of the room in the receiver's
 * socket. So no receive buffer overflows, however fast a member can multicast, even with orderings that
 * acknowledge nothing. These are the windows of TCP (RFC 9293, section 3.8.6) in datagrams: they count
 * packet numbers, which every datagram has, so that a lost one costs no credit.
 */
export class FlowControl {
  /**
   * By member: up to which packet it took in, how much more it granted, and what was tried beyond that
   * since.
   */
  readonly #taken: number[];
  readonly #ahead: number[];
  readonly #tries: number[];
  readonly #triedAt: number[];
  /** By member: up to which packet this one told it that it took in, and up to which it took in. */
  readonly #told: number[];
  readonly #received: number[];
  /** How many datagrams each other member may get ahead here. */
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

  /** Whether the datagram with number `packet` may leave for `to` now; if so, the caller sends it. */
  take(now: number, to: number, packet: number): boolean {
    const isBeyond = packet > this.#taken[to]! + this.#ahead[to]!;
    if (isBeyond && now < this.#triedAt[to]! + TRY_US) return false;
    if (isBeyond) this.#tries[to]! += 1;
    this.#triedAt[to] = now;
    return true;
  }

  /** When one more datagram may be tried for `to`, which has no credit. */
  retryAt(to: number): number {
    return this.#triedAt[to]! + TRY_US;
  }

  /** Whether `to` has left TRIES_MAX tries unanswered, so that nobody waits for it. */
  isStale(to: number): boolean {
    return this.#tries[to]! >= TRIES_MAX;
  }

  /**
   * Notes that `from` took in everything of this member up to `packet` that came, and grants `ahead`
   * beyond.
   */
  credited(from: number, packet: number, ahead: number): void {
    this.#tries[from] = 0;
    if (packet < this.#taken[from]!) return;
    this.#taken[from] = packet;
    this.#ahead[from] = ahead;
  }

  /** Notes that a datagram of messages was taken in. */
  received(from: number, packet: number): void {
    if (packet > this.#received[from]!) this.#received[from] = packet;
  }

  /** The packet number to tell `to` if it should hear of it now, or 0. */
  due(to: number): number {
    const received = this.#received[to]!;
    // A member that was told nothing yet has what everybody begins with.
    const granted = this.#told[to] === 0 ? Math.min(AHEAD_INITIAL, this.grant) : this.grant;
    if (received - this.#told[to]! < Math.floor(granted / SPEAKS_AFTER)) return 0;
    this.#told[to] = received;
    return received;
  }
}

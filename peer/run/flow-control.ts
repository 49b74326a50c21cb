import { DATAGRAM_BYTES_MAX } from '../../core/wire/datagram.ts';
import { SendCredit } from './send-credit.ts';

/**
 * How many datagrams of 1,200 bytes a member may send before the receiver has granted anything, and the
 * least that a receiver grants. Of larger datagrams it is the number with the same bytes, but two at least.
 */
const AHEAD_INITIAL = 16;
const AHEAD_MIN = 8;
const AHEAD_MIN_OF_LARGE = 2;
/** The largest receive buffer that Linux grants by default: net.core.rmem_max, doubled (socket(7)). */
const SOCKET_BUFFER_BYTES = 2 * 212_992;
/**
 * What a datagram takes of that buffer besides its own bytes: 2,304 bytes in all for one of 1,200, and
 * for a large one up to as many again, as memory is given in powers of two.
 */
const OVERHEAD_BYTES_MIN = 1_104;
/** More than this, and a sender would only be further ahead of those who take in. */
const BUFFER_DATAGRAMS_MAX = 184;
/** A receiver grants anew once the sender used this part (one half) of its last grant. */
const SPEAKS_AFTER = 2;
/**
 * Flow control between members, by credit: a receiver tells each sender up to which of its datagrams it
 * took in, and grants it a share of the room in its socket; a sender gets ahead by no more than that and
 * what is still on its way there (`SendCredit`). So no receive buffer overflows, however fast a member can
 * multicast, even with orderings that acknowledge nothing. These are the windows of TCP (RFC 9293, section
 * 3.8.6) in datagrams.
 *
 * A sender numbers its datagrams for all members together, and remembers which of them went to whom. A
 * lost datagram costs no credit, because the receiver tells of a later one. If most are lost, the receiver
 * has too few to tell of, so the sender marks the datagram that uses up its credit, and asks with it.
 */
export class FlowControl {
  /** By member: what may be sent to it. */
  readonly #credits: readonly SendCredit[];
  /** By member: the newest packet that came from it, and how many came since it was told of one. */
  readonly #received: number[];
  readonly #untold: number[];
  readonly #hasTold: boolean[];
  /** How many datagrams of each other member this one has room for. */
  readonly grant: number;

  readonly #initial: number;

  /** `datagramBytes`: the length that no datagram exceeds; `bufferBytes`: of this member's socket. */
  constructor(size: number, datagramBytes = DATAGRAM_BYTES_MAX, bufferBytes = SOCKET_BUFFER_BYTES) {
    const asBytes = (count: number): number =>
      Math.max(AHEAD_MIN_OF_LARGE, Math.floor((count * DATAGRAM_BYTES_MAX) / datagramBytes));
    this.#initial = asBytes(AHEAD_INITIAL);
    this.#credits = Array.from({ length: size }, () => new SendCredit(this.#initial));
    this.#received = Array.from({ length: size }, () => 0);
    this.#untold = Array.from({ length: size }, () => 0);
    this.#hasTold = Array.from({ length: size }, () => false);
    const takenBytes = datagramBytes + Math.max(OVERHEAD_BYTES_MIN, datagramBytes);
    const room = Math.min(Math.floor(bufferBytes / takenBytes), BUFFER_DATAGRAMS_MAX);
    this.grant = Math.max(asBytes(AHEAD_MIN), Math.floor(room / Math.max(1, size - 1)));
  }

  /** Whether a datagram may leave for `to` now. */
  admits(now: number, to: number): boolean {
    return this.#credits[to]!.admits(now);
  }

  /** Whether the next datagram for `to` uses up its credit, or is tried without any. */
  isLast(to: number): boolean {
    return this.#credits[to]!.isLast;
  }

  /** Notes that the datagram with number `packet` leaves for `to`. */
  left(now: number, to: number, packet: number): void {
    this.#credits[to]!.left(now, packet);
  }

  /** When one more datagram may be tried for `to`, which has no credit. */
  retryAt(to: number): number {
    return this.#credits[to]!.retryAt;
  }

  /** Whether `to` has left so many tries unanswered that nobody waits for it. */
  isStale(to: number): boolean {
    return this.#credits[to]!.isStale;
  }

  /**
   * Notes that `from` took in everything of this member up to `packet` that came, and has room for
   * `granted` beyond.
   */
  credited(now: number, from: number, packet: number, granted: number): void {
    this.#credits[from]!.credited(now, packet, granted);
  }

  /** Notes that a datagram of messages was taken in. */
  received(from: number, packet: number): void {
    this.#received[from] = Math.max(this.#received[from]!, packet);
    this.#untold[from]! += 1;
  }

  /** The packet number to tell `to` if it should hear of it now, for instance because it `asks`; or 0. */
  due(to: number, asks = false): number {
    // A member that was told nothing yet has what everybody begins with.
    const granted = this.#hasTold[to]! ? this.grant : Math.min(this.#initial, this.grant);
    if (!asks && this.#untold[to]! < Math.floor(granted / SPEAKS_AFTER)) return 0;
    this.#untold[to] = 0;
    this.#hasTold[to] = true;
    return this.#received[to]!;
  }
}

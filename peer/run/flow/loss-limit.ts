/** A round in which a larger part than this was lost met a path that is full. */
const LOST_SHARE_MAX = 0.1;
/**
 * A round takes a round trip, and until at least this number of datagrams was told of: of fewer, a tenth may only be late.
 * With 64, a run of eight peers around the world that lost nothing had some fifteen such rounds.
 */
const TOLD_MIN = 256;
/** What is left of the limit then. */
const CUT = 0.7;
/** What a round without such losses adds to it: a datagram at least. */
const GROWTH = 1 / 32;

/**
 * How many datagrams may be under way to one receiver, as far as losses tell. There is no limit until a round in which
 * more than a tenth was lost; such a one cuts what was under way to seven tenths, and others let it grow again. It never
 * falls below what may leave before anything is known of the path.
 *
 * A receiver tells of a datagram also where that was overtaken and is still to come, so that more are missing for a while than
 * were lost. Of all that it told in a round, the least that was missing is what was lost until then.
 *
 * RFC 8085 (section 3.1.1) asks for an answer to losses of whatever sends by UDP. A single loss answers nothing here, as in
 * BBR (draft-ietf-ccwg-bbr, where 2 % may be lost, and 0.7 is left): losses in the radio, or that were asked for to see
 * what an ordering makes of them, come without congestion, and slowing down helps nobody.
 */
export class LossLimit {
  /** In datagrams; `Infinity` where there is none. */
  size = Infinity;
  readonly #least: number;
  /** The number of the datagram that left last when the round began; 0 before the first one. */
  #roundEnd = 0;
  /** How many datagrams were told of in the round. */
  #told = 0;
  /** How many were told of so far and have not come; the least of that in this round, and in the one before. */
  #missing = 0;
  #leastMissing = Infinity;
  #lostBefore = 0;

  /** `least`: how many datagrams may always be under way. */
  constructor(least: number) {
    this.#least = least;
  }

  /**
   * Notes that the receiver told of `told` more datagrams, up to number `packet`, while `arrived` more came; one that was
   * overtaken is told of before it comes. `newest` is the number of the one that left last, and `window` how many may be
   * under way.
   */
  heard(packet: number, told: number, arrived: number, newest: number, window: number): void {
    this.#told += told;
    this.#missing += told - arrived;
    this.#leastMissing = Math.min(this.#leastMissing, this.#missing);
    if (this.#roundEnd === 0) this.#roundEnd = newest;
    if (packet < this.#roundEnd || this.#told < TOLD_MIN) return;
    const lost = this.#leastMissing - this.#lostBefore;
    if (lost > LOST_SHARE_MAX * this.#told) {
      this.size = Math.max(this.#least, CUT * window);
    } else {
      this.size += Math.max(1, GROWTH * this.size);
    }
    this.#roundEnd = newest;
    this.#told = 0;
    this.#lostBefore = this.#leastMissing;
    this.#leastMissing = Infinity;
  }
}

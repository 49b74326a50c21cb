/** A member without credit tries one datagram at this interval, as the grant may have been lost. */
const TRY_US = 50_000;
/**
 * A member that did not answer this many tries, which take a second at least, holds up the others no
 * longer: what waits for it is dropped. Tries count rather than time, since this member may have been
 * stopped itself, and then heard nobody meanwhile.
 */
const TRIES_MAX = 20;
/** The most datagrams that count as held by the path: 1.2 MB, or 4,000 a second around half the world. */
const PATH_MAX = 1_024;

/** A datagram that the receiver has not told of. */
interface UnderWay {
  readonly packet: number;
  readonly leftAt: number;
  /** How many datagrams the receiver had taken in, as far as was known, when this one left. */
  readonly takenBefore: number;
}

/**
 * How far one member may get ahead of one receiver. The receiver grants a number of datagrams, its room;
 * a long path holds further ones, which are in nobody's room yet. How many follows from the receiver's
 * own words: what it took in during a round trip is its rate, and that rate times the shortest round trip
 * is what the path holds at this rate. Whatever else is under way waits at the receiver, and fits its room.
 *
 * So a sender far away is as fast as a near one: each round trip in which the receiver keeps up adds the
 * room once more. If the receiver does not keep up, round trips become longer, and the window settles where
 * as many datagrams wait as the receiver has room for. These are the rate and the round trip of BBR
 * (Cardwell et al. 2016, "BBR: Congestion-Based Congestion Control"), and the queue that TCP Vegas aims
 * at (Brakmo and Peterson 1995).
 */
export class SendCredit {
  /** In the order in which they left. */
  readonly #underWay: UnderWay[] = [];
  /** The newest datagram that the receiver told of, and how many it has taken in with that one. */
  #newest = 0;
  #taken = 0;
  #granted: number;
  /** How many datagrams the path holds at the receiver's rate. */
  #path = 0;
  #shortestUs = Infinity;
  /** How many datagrams were tried without credit since the receiver answered. */
  #tries = 0;
  #leftAt = -Infinity;

  /** `granted`: how many datagrams a receiver that has said nothing yet has room for. */
  constructor(granted: number) {
    this.#granted = granted;
  }

  /** How many datagrams may be under way. */
  get window(): number {
    return this.#granted + this.#path;
  }

  /** Whether a datagram may leave now. */
  admits(now: number): boolean {
    return this.#underWay.length < this.window || now >= this.retryAt;
  }

  /** Whether the next datagram uses up the credit, or is tried without any. */
  get isLast(): boolean {
    return this.#underWay.length + 1 >= this.window;
  }

  /** When one more datagram may be tried without credit. */
  get retryAt(): number {
    return this.#leftAt + TRY_US;
  }

  /** Whether TRIES_MAX tries came to nothing, so that nobody waits for this receiver. */
  get isStale(): boolean {
    return this.#tries >= TRIES_MAX;
  }

  /** Notes that the datagram with number `packet` leaves. */
  left(now: number, packet: number): void {
    if (this.#underWay.length >= this.window) this.#tries += 1;
    this.#leftAt = now;
    this.#underWay.push({ packet, leftAt: now, takenBefore: this.#taken });
    // The oldest one is lost, since a member that lives would have told of it by now.
    if (this.#underWay.length > this.window + TRIES_MAX) this.#underWay.shift();
  }

  /** Notes that the receiver took in whatever came up to `packet`, and has room for `granted` beyond. */
  credited(now: number, packet: number, granted: number): void {
    this.#tries = 0;
    if (packet < this.#newest) return;
    this.#newest = packet;
    this.#granted = granted;
    const later = this.#underWay.findIndex((datagram) => datagram.packet > packet);
    const count = later < 0 ? this.#underWay.length : later;
    if (count === 0) return;
    const told = this.#underWay[count - 1]!;
    this.#underWay.splice(0, count);
    this.#taken += count;
    this.#measure(now - told.leftAt, this.#taken - told.takenBefore);
  }

  /** Takes in that the receiver took `taken` datagrams within a round trip of `roundTripUs`. */
  #measure(roundTripUs: number, taken: number): void {
    this.#shortestUs = Math.min(this.#shortestUs, roundTripUs);
    const held = roundTripUs > 0 ? (taken * this.#shortestUs) / roundTripUs : 0;
    this.#path = Math.min(Math.floor(held), PATH_MAX);
  }
}

import type { Credit } from '../../../core/wire/credit.ts';
import { LossLimit } from './loss-limit.ts';
import { Pacer } from './pacer.ts';

/**
 * A member without credit tries one datagram after this time, as the grant may have been lost, and the next
 * ones at twice the distance each, up to TRY_US_MAX. A receiver that answers slowly is tried more rarely from
 * the beginning (after this number of round trips), as tries that come faster than it takes them in would
 * fill its socket. The maximum is half of the time after which a silent member is suspected, because a
 * slow member's own signs of life may wait for credit, too (core/channels/failure-detector.ts).
 */
const TRY_US = 50_000;
const TRY_US_MAX = 400_000;
const ROUND_TRIPS_PER_TRY = 2;
/** Nobody is given up after fewer tries than this. */
const TRIES_MIN = 4;
/** More datagrams than this beyond the window are not remembered: the oldest one is lost. */
const BEYOND_WINDOW_MAX = 20;
/**
 * A member that answered no try for this long holds up the others no longer: what waits for it is dropped.
 * Where lost messages are sent again that costs little, so that they need not wait long; where they are not,
 * what is dropped is lost, and the others wait as long as until they count it as gone (ending.ts).
 */
const PATIENCE_US = 1_000_000;
const PATIENCE_US_WITHOUT_RETRANSMISSION = 4_000_000;
/**
 * A round trip of less than this is no path: it is the time that the receiver takes to look, in which what
 * came is in its socket.
 */
const PATH_US_MIN = 2_000;
/** The most bytes that count as held by the path: 4,000 datagrams of 1,200 bytes a second around half the world. */
const PATH_BYTES_MAX = 1_024 * 1_200;

export interface SendCreditOptions {
  /** How many datagrams a receiver that has said nothing yet has room for. */
  readonly granted: number;
  /** Whether a message that is dropped is sent again. */
  readonly retransmits: boolean;
  /** The length that no datagram exceeds. */
  readonly datagramBytes: number;
}

/** A datagram that the receiver has not told of. */
interface UnderWay {
  readonly packet: number;
  readonly sentAt: number;
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
 * at (Brakmo and Peterson 1995). Where the path has room for fewer of them, it loses the others, which is a limit of
 * its own (loss-limit.ts).
 */
export class SendCredit {
  /** In the order in which they left. */
  readonly #underWay: UnderWay[] = [];
  /** The newest datagram that left, the newest that the receiver told of, and how many it took in with that one. */
  #last = 0;
  #newest = 0;
  #taken = 0;
  readonly #losses: LossLimit;
  readonly #pacer = new Pacer();
  #granted: number;
  /** How many datagrams the path holds at the receiver's rate. */
  #path = 0;
  #shortestUs = Infinity;
  /** How many datagrams were tried without credit since the receiver answered, and how long they waited. */
  #tries = 0;
  #triedUs = 0;
  /** How long the first try waits. */
  #tryUs = TRY_US;
  #sentAt = -Infinity;
  readonly #patienceUs: number;
  readonly #pathMax: number;

  constructor({ granted, retransmits, datagramBytes }: SendCreditOptions) {
    this.#granted = granted;
    this.#losses = new LossLimit(granted);
    this.#pathMax = Math.floor(PATH_BYTES_MAX / datagramBytes);
    this.#patienceUs = retransmits ? PATIENCE_US : PATIENCE_US_WITHOUT_RETRANSMISSION;
  }

  /** How many datagrams may be under way. */
  get window(): number {
    return Math.min(this.#capacity, Math.floor(this.#losses.size));
  }

  /** Whether a datagram may leave now. */
  admits(now: number): boolean {
    return this.#hasRoom ? this.#pacer.admits(now) : now >= this.#retryAt;
  }

  /** When a datagram may leave, if none may now and nothing is heard until then. */
  get nextAt(): number {
    return this.#hasRoom ? this.#pacer.nextAt : this.#retryAt;
  }

  get #hasRoom(): boolean {
    return this.#underWay.length < this.window;
  }

  /**
   * Whether the next datagram asks for credit: it uses up what there is, or is tried without any. Where losses keep the
   * window below what the receiver granted, that does not tell by itself after half of it, so that it is asked there, too.
   */
  get asks(): boolean {
    const [count, { window }] = [this.#underWay.length + 1, this];
    return count >= window || (window < this.#capacity && count === Math.ceil(window / 2));
  }

  /** How many datagrams the receiver and the path hold together. */
  get #capacity(): number {
    return this.#granted + this.#path;
  }

  /** When one more datagram may be tried without credit. */
  get #retryAt(): number {
    return this.#sentAt + this.#nextTryUs;
  }

  /**
   * Whether the receiver answered none of the tries of its sender's patience, so that nobody waits for it.
   * What counts is how long the tries were to wait, rather than time: this member may have been stopped
   * itself, and then heard nobody meanwhile.
   */
  get isStale(): boolean {
    return this.#tries >= TRIES_MIN && this.#triedUs >= this.#patienceUs;
  }

  get #nextTryUs(): number {
    return Math.min(this.#tryUs * 2 ** this.#tries, TRY_US_MAX);
  }

  /** Notes that the datagram with number `packet` leaves. */
  sent(now: number, packet: number): void {
    if (!this.#hasRoom) {
      this.#triedUs += this.#nextTryUs;
      this.#tries += 1;
    }
    this.#pacer.sent(now);
    this.#sentAt = now;
    this.#last = packet;
    this.#underWay.push({ packet, sentAt: now, takenBefore: this.#taken });
    // The oldest one is lost, since a member that lives would have told of it by now.
    if (this.#underWay.length > this.window + BEYOND_WINDOW_MAX) this.#underWay.shift();
  }

  /** Takes in what the receiver tells. */
  credited(now: number, { packet, ahead, taken }: Credit): void {
    this.#tries = this.#triedUs = 0;
    if (packet < this.#newest) return;
    this.#newest = packet;
    this.#granted = ahead;
    const arrived = Math.max(0, taken - this.#taken);
    this.#taken += arrived;
    const later = this.#underWay.findIndex((datagram) => datagram.packet > packet);
    const count = later < 0 ? this.#underWay.length : later;
    // Also where it tells of no further one: what was overtaken by all of these has come.
    this.#losses.heard(packet, count, arrived, this.#last, this.window);
    if (count === 0) return;
    const told = this.#underWay[count - 1]!;
    this.#underWay.splice(0, count);
    this.#measure(now, now - told.sentAt, this.#taken - told.takenBefore);
  }

  /**
   * Takes in how long a round trip took that waited for nothing, as in the handshake. The shortest one counts until the
   * run is over, where BBR forgets it after ten seconds: whoever keeps datagrams waiting at the receiver all the time
   * would take that wait for the path, and let still more of them wait.
   */
  observe(roundTripUs: number): void {
    this.#shortestUs = Math.min(this.#shortestUs, roundTripUs);
  }

  /** Takes in that the receiver took `taken` datagrams within a round trip of `roundTripUs`. */
  #measure(now: number, roundTripUs: number, taken: number): void {
    this.observe(roundTripUs);
    this.#tryUs = Math.max(ROUND_TRIPS_PER_TRY * roundTripUs, TRY_US);
    const pathUs = Math.max(0, this.#shortestUs - PATH_US_MIN);
    const path = roundTripUs > 0 ? (taken * pathUs) / roundTripUs : 0;
    this.#path = Math.min(Math.round(path), this.#pathMax);
    // Where a path has room for all that is under way, spreading that would only send more datagrams, each with less in it.
    if (this.#losses.size < Infinity) {
      this.#pacer.set(now, pathUs > 0 ? this.#shortestUs : 0, this.window);
    }
  }
}

import type { Credit } from '../../../core/wire/credit.ts';
import { DATAGRAM_BYTES_DEFAULT } from '../../../core/wire/datagram.ts';
import { READS_PER_TURN } from '../turns.ts';
import { datagramsInBuffer, GRANTED_BYTES_DEFAULT } from '../../transport/receive-buffer.ts';

/**
 * How many datagrams of 1,200 bytes a member may send before the receiver has granted anything, and how many a receiver
 * with room and time for them grants however many members share the room. Of larger datagrams it is the number with the
 * same bytes, but two at least.
 */
const AHEAD_INITIAL = 16;
const AHEAD_OF_MANY = 8;
const AHEAD_MIN = 2;
/** More than this in all, and senders would only be further ahead of the one who takes in. */
const BUFFER_DATAGRAMS_MAX = 184;
/** A receiver grants anew once the sender used this part (one half) of its last grant. */
const SPEAKS_AFTER = 2;

/**
 * A member that is behind (it took in as many datagrams as a turn reads, so that more may wait) grants no more than it
 * takes in within this time, as everything that comes waits behind what it granted: credit, acknowledgements, and the
 * word that tells it that others live. Where a read brings several datagrams (native/), it counts as behind sooner than
 * it is; that costs nothing, as its time is then enough for all that its socket has room for.
 */
const WAIT_US_MAX = 200_000;
const AHEAD_MIN_OF_SLOW = 2;

/** The number of datagrams of `datagramBytes` with as many bytes as `count` of 1,200 bytes; two at least. */
function asMany(count: number, datagramBytes: number): number {
  const same = Math.floor((count * DATAGRAM_BYTES_DEFAULT) / datagramBytes);
  return Math.max(AHEAD_MIN, same);
}

/** How many datagrams of each of `others` members a socket has room for; two, where it has not even that. */
function roomFor(others: number, datagramBytes: number, bufferBytes: number): number {
  const room = datagramsInBuffer(datagramBytes, bufferBytes);
  const roomMax = Math.max(BUFFER_DATAGRAMS_MAX, asMany(AHEAD_OF_MANY, datagramBytes) * others);
  return Math.max(AHEAD_MIN, Math.floor(Math.min(room, roomMax) / others));
}

/**
 * How many datagrams of at most `datagramBytes` a receiver that has granted nothing yet has room for, in a
 * group of `size`: its buffer may be no larger than systems grant by default.
 */
export function initialGrant(size: number, datagramBytes: number): number {
  const others = Math.max(1, size - 1);
  const share = roomFor(others, datagramBytes, GRANTED_BYTES_DEFAULT);
  return Math.min(asMany(AHEAD_INITIAL, datagramBytes), share);
}

/**
 * What this member grants the others: it tells each up to which of its datagrams it took in, and that it has
 * room for a share of its socket beyond; a sender gets ahead by no more than that and what is still on its
 * way (`SendCredit`). So no receive buffer overflows while its owner reads, however fast a member can multicast, even with
 * orderings that acknowledge nothing. These are the windows of TCP (RFC 9293, section 3.8.6) in datagrams.
 *
 * A sender numbers its datagrams for all members together, and remembers which of them went to whom. A
 * lost datagram costs no credit, because the receiver tells of a later one. If most are lost, the receiver
 * has too few to tell of, so the sender marks the datagram that uses up its credit, and asks with it.
 */
export class Grants {
  /** By member: the newest packet that came from it, how many came, and of how many it was told. */
  readonly #received: number[];
  readonly #taken: number[];
  readonly #told: number[];
  /** How many datagrams of each other member this one's socket has room for. */
  readonly #room: number;
  /** The same for a member that was told nothing yet, which has what everybody begins with. */
  readonly #roomUntold: number;
  readonly #others: number;
  /** How many datagrams of each other member this one grants: what it has room for, and time. */
  ahead: number;
  /** How many datagrams came in this turn, and when the first one did. */
  #came = 0;
  #cameAt = 0;
  /** How long the turns took in which something came. */
  busyUs = 0;

  /** `datagramBytes`: the length that no datagram exceeds; `bufferBytes`: of this member's socket. */
  constructor(size: number, datagramBytes: number, bufferBytes: number) {
    this.#received = Array.from({ length: size }, () => 0);
    this.#taken = Array.from({ length: size }, () => 0);
    this.#told = Array.from({ length: size }, () => 0);
    this.#others = Math.max(1, size - 1);
    this.#room = this.ahead = roomFor(this.#others, datagramBytes, bufferBytes);
    this.#roomUntold = Math.min(initialGrant(size, datagramBytes), this.#room);
  }

  /** Notes that a datagram of messages was taken in. */
  received(now: number, from: number, packet: number): void {
    if (this.#came === 0) this.#cameAt = now;
    this.#came += 1;
    this.#received[from] = Math.max(this.#received[from]!, packet);
    this.#taken[from]! += 1;
  }

  /** What to tell `to` if it should hear something now, for instance because it `asks`; or `null`. */
  due(to: number, asks: boolean): Credit | null {
    const [taken, told] = [this.#taken[to]!, this.#told[to]!];
    const granted = told > 0 ? this.ahead : Math.min(this.ahead, this.#roomUntold);
    if (!asks && taken - told < Math.floor(granted / SPEAKS_AFTER)) return null;
    this.#told[to] = taken;
    return { packet: this.#received[to]!, ahead: this.ahead, taken };
  }

  /**
   * Notes that the turn is over, with all that it gave to send: what came in it tells how fast this member
   * is. A member that catches up grants more by and by, or it would be behind again at once.
   */
  endTurn(now: number): void {
    const isBehind = this.#came >= READS_PER_TURN;
    const inTime = (this.#came * WAIT_US_MAX) / Math.max(1, now - this.#cameAt);
    const share = Math.max(AHEAD_MIN_OF_SLOW, Math.floor(inTime / this.#others));
    if (this.#came > 0) this.busyUs += now - this.#cameAt;
    this.ahead = Math.min(this.#room, isBehind ? share : this.ahead + 1);
    this.#came = 0;
  }
}

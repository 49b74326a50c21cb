import { Kind, Message } from '../message.ts';
import {
  isFaultAware,
  outThrough,
  type Blockage,
  type Create,
  type FaultAware,
  type Group,
  type Ordering,
  type Out,
} from '../ordering.ts';

/**
 * A member that was sent nothing for this long gets a heartbeat; silence is looked for at the same
 * interval.
 */
export const HEARTBEAT_US = 100_000;
/**
 * Each member sends heartbeats to everyone, so that the total grows with the square of the group.
 * Above this number of members heartbeats are rarer: a quarter as often, so that 32 members send no
 * more in all than 16; from there to an eighth for 64 members, so that each of them takes in no more than one of 32
 * (64 processes on two cores had time for little else); above 256 members, the interval grows in proportion to the members.
 */
const MEMBERS_AT_FULL_PACE = 16;
const SLOWER_MIN = 4;
const SLOWER_FOR_64 = 8;
const MEMBERS_PER_SLOWNESS = 8;
const MEMBERS_PER_HEARTBEAT = 32;
/** Silence before the first suspicion: 8 heartbeats, or 5 after a one-way delay of 300 ms. */
export const TIMEOUT_HEARTBEATS = 8;
/** A member that was itself stopped for this many heartbeats may be suspected by the others. */
const STALL_HEARTBEATS = 6;
/** Each wrong suspicion of a member doubles its timeout, up to 16 times the first. */
const TIMEOUT_GROWTH = 2;
const TIMEOUT_GROWN_MAX = 16;

/**
 * Suspects members that have been silent for long, and trusts them again once they are heard.
 *
 * The eventually perfect detector of Chandra and Toueg, "Unreliable failure detectors for reliable
 * distributed systems" (1996), section 3 and figure 10. From some time on, a crashed member is
 * suspected for ever, and a living one no more, once its timeout has grown past its delays (as long
 * as the delays stay below 16 times the first timeout). Any message counts as a heartbeat; real
 * heartbeats, which belong to no channel, go only to members that were sent nothing else meanwhile.
 */
class FailureDetector implements Ordering {
  readonly #self: number;
  readonly #out: Out;
  readonly #inner: Ordering;
  /** The inner ordering, if it wants to know whom to suspect. */
  readonly #aware: FaultAware | null;
  readonly #intervalUs: number;
  readonly #heartbeat: Message;
  /** By member: when it was last heard, when it was last sent something, and how long it may be silent. */
  readonly #heardAt: Float64Array;
  readonly #sentAt: Float64Array;
  readonly #timeoutUs: Float64Array;
  readonly #suspected: Uint8Array;
  #now = 0;
  /**
   * When to send heartbeats and to look for silent members next; `Infinity` before the member
   * multicasts or hears anything.
   */
  #beatAt = Infinity;

  constructor(group: Group, out: Out, createInner: Create) {
    this.#self = group.self;
    this.#out = out;
    this.#intervalUs = HEARTBEAT_US * slownessOf(group.size);
    this.#heartbeat = new Message(Kind.heartbeat, group.self, 0);
    this.#heardAt = new Float64Array(group.size);
    this.#sentAt = new Float64Array(group.size);
    this.#timeoutUs = new Float64Array(group.size).fill(TIMEOUT_HEARTBEATS * this.#intervalUs);
    this.#suspected = new Uint8Array(group.size);
    const through = outThrough(out, {
      multicast: (message) => {
        this.#sentAt.fill(this.#now);
        out.multicast(message);
      },
      send: (to, message) => {
        this.#sentAt[to] = this.#now;
        out.send(to, message);
      },
    });
    this.#inner = createInner(group, through);
    this.#aware = isFaultAware(this.#inner) ? this.#inner : null;
  }

  get deadline(): number {
    return Math.min(this.#inner.deadline, this.#beatAt);
  }

  get held(): number {
    return this.#inner.held;
  }

  get isBackedUp(): boolean {
    return this.#inner.isBackedUp ?? false;
  }

  blockage(): Blockage | null {
    return this.#inner.blockage?.() ?? null;
  }

  multicast(now: number, message: Message): void {
    this.#tell(now);
    this.#inner.multicast(now, message);
  }

  receive(now: number, from: number, message: Message): void {
    this.#tell(now);
    this.#heardAt[from] = now;
    if (this.#suspected[from] === 1) this.#trustAgain(now, from);
    if (message.kind !== Kind.heartbeat) this.#inner.receive(now, from, message);
  }

  advance(now: number): void {
    this.#tell(now);
    if (this.#beatAt <= now) this.#beat(now);
    if (this.#inner.deadline <= now) this.#inner.advance(now);
  }

  #tell(now: number): void {
    this.#now = now;
    if (this.#beatAt === Infinity) this.#begin(now);
    else if (now - this.#beatAt > this.#intervalUs) this.#recover(now);
  }

  #begin(now: number): void {
    this.#heardAt.fill(now);
    this.#sentAt.fill(now - this.#intervalUs);
    this.#beatAt = now;
  }

  /**
   * Recovers after this member was stopped (or late): it heard nobody meanwhile, and nobody heard
   * it, so that the others' silence since then is not held against them.
   */
  #recover(now: number): void {
    const stalledUs = now - this.#beatAt;
    this.#beatAt = now;
    for (let member = 0; member < this.#heardAt.length; member += 1) {
      this.#heardAt[member]! += stalledUs;
    }
    if (stalledUs < STALL_HEARTBEATS * this.#intervalUs) return;
    this.#aware?.suspect(now, this.#self);
    this.#aware?.trust(now, this.#self);
  }

  #beat(now: number): void {
    this.#beatAt = now + this.#intervalUs;
    for (let member = 0; member < this.#heardAt.length; member += 1) {
      if (member === this.#self) continue;
      if (now - this.#sentAt[member]! >= this.#intervalUs) {
        this.#sentAt[member] = now;
        this.#out.send(member, this.#heartbeat);
      }
      const isSilent = now - this.#heardAt[member]! > this.#timeoutUs[member]!;
      if (isSilent && this.#suspected[member] === 0) {
        this.#suspected[member] = 1;
        this.#aware?.suspect(now, member);
      }
    }
  }

  #trustAgain(now: number, member: number): void {
    this.#suspected[member] = 0;
    const longest = TIMEOUT_HEARTBEATS * TIMEOUT_GROWN_MAX * this.#intervalUs;
    this.#timeoutUs[member] = Math.min(this.#timeoutUs[member]! * TIMEOUT_GROWTH, longest);
    this.#aware?.trust(now, member);
  }
}

function slownessOf(members: number): number {
  if (members <= MEMBERS_AT_FULL_PACE) return 1;
  const inProportion = Math.min(SLOWER_FOR_64, Math.floor(members / MEMBERS_PER_SLOWNESS));
  return Math.max(SLOWER_MIN, inProportion, Math.ceil(members / MEMBERS_PER_HEARTBEAT));
}

/**
 * Wraps `createInner` and tells it, when it is FaultAware, which members seem to have crashed and
 * which live after all. It is the outermost layer but for packs: `detecting(reliable(viewed(...)))`. It costs at
 * most n - 1 heartbeats a member every HEARTBEAT_US, less what is sent anyway; above 16 members,
 * every 4 HEARTBEAT_US or more.
 */
export function detecting(createInner: Create): Create {
  const create: Create = (group, out) => new FailureDetector(group, out, createInner);
  // What the inner `create` says of itself, such as that it retransmits, holds of this one as well.
  return Object.assign(create, createInner);
}

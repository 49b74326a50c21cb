import type { Decision, LogBeginning, Pledge, Standing } from './membership-acceptor.ts';
import { wordsToMembers, type Parcel } from './membership-parcel.ts';
import type { Message } from '../message.ts';
import type { Group } from '../ordering.ts';
import type { TotalOrderLog } from './total-order-log.ts';
import { majorityOf } from './view.ts';

/** In the vectors of viewPrepare and viewPromise, what comes before anything else: how much is agreed on, and the digest. */
const STANDING_WORDS = 3;

/** How far its sender is, from a viewPrepare or a viewPromise. */
export function readStanding({ timestamp, position, vector }: Message): Standing {
  const [agreed = 0, first = 0, second = 0] = vector;
  return { epoch: timestamp, agreed, length: position, digest: { first, second } };
}

/**
 * Reads what came from membership-wire.ts. It returns `null` for what no member of the group writes: a name that nobody
 * has, a view without this member, a log that begins after the end of the one that it is to continue. Whoever sent that
 * is broken, and is not to break others: it is as if nothing had come.
 */
export class MembershipReader {
  readonly #self: number;
  readonly #size: number;
  readonly #log: TotalOrderLog;

  constructor({ self, size }: Group, log: TotalOrderLog) {
    this.#self = self;
    this.#size = size;
    this.#log = log;
  }

  /** What `member` knows, from its viewPromise. */
  pledge(member: number, parcel: Parcel): Pledge | null {
    const { header, entries } = parcel;
    const [start = 0, logLength = 0, knows = 0] = header.vector.slice(STANDING_WORDS);
    const standing = readStanding(header);
    const { epoch, agreed, length } = standing;
    if (epoch >= header.epoch || agreed > length || start + logLength !== length) return null;
    if (!this.#canFollow(start, logLength, parcel)) return null;
    const [log, state] = [entries.slice(0, logLength), entries.slice(logLength)];
    return { member, ...standing, start, log, state, knowsAsStored: knows === 1 };
  }

  /** What a viewRefuse tells. */
  refusal(parcel: Parcel): LogBeginning | null {
    const { header, entries } = parcel;
    const [first = 0, second = 0] = header.vector;
    if (!this.#canFollow(header.position, entries.length, parcel)) return null;
    return { length: header.position, digest: { first, second }, log: entries };
  }

  /** The decision in a viewAccept. */
  decision(parcel: Parcel): Decision | null {
    const { header, entries } = parcel;
    const [start = 0, logLength = 0, ...words] = header.vector;
    const members = wordsToMembers(words);
    if (!this.#canFollow(start, logLength, parcel) || !this.#isView(members)) return null;
    const view = { epoch: header.epoch, members };
    const known = header.position === 1 ? null : entries.slice(logLength);
    return { view, start, log: entries.slice(0, logLength), known };
  }

  #isView(members: readonly number[]): boolean {
    const isMajority = members.length >= majorityOf(this.#size);
    return isMajority && members.includes(this.#self) && members.at(-1)! < this.#size;
  }

  /**
   * Whether a parcel holds the `length` entries of a log from index `start` on, of which this member has all before,
   * and speaks of members of the group only.
   */
  #canFollow(start: number, length: number, { entries }: Parcel): boolean {
    if (start > this.#log.length || length > entries.length) return false;
    return entries.every(({ sender }) => sender < this.#size);
  }
}

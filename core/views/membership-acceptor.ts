import { assert } from '../base/assert.ts';
import { type Digest, isSameDigest } from '../base/digest.ts';
import type { Message } from '../message.ts';
import type { TotalOrderLog } from './total-order-log.ts';
import { ExclusionError, type View } from './view.ts';

/** The entries that a member outside the view gets at a time: it asks for more when it has taken them in. */
export const CATCH_UP_MAX = 128;

/**
 * Who lacks more messages than this is far behind. While all stand still nobody follows its proposal, since each would
 * send it what it lacks (as in Raft, where nobody votes for a member with a shorter log; Ongaro and Ousterhout,
 * "In search of an understandable consensus algorithm", 2014, section 5.4.1).
 */
const LAG_MAX = 256;

const ASTRAY =
  'this member was excluded from its view, and had delivered in another order than the others';

/** How far a member is: enough for others to know what it lacks. */
export interface Standing {
  /** The epoch of the newest view that it stored. */
  readonly epoch: number;
  /**
   * How much of its log is certainly everybody's: the length with which the newest view that it
   * installed began.
   */
  readonly agreed: number;
  /** The length of its log, and a digest of all of it. */
  readonly length: number;
  readonly digest: Digest;
}

/** What a member promises with a ballot: to take part in no smaller one, and what it knows. */
export interface Pledge extends Standing {
  readonly member: number;
  /** The part of its log that the proposer may lack: from index `start` on. */
  readonly start: number;
  readonly log: readonly Message[];
  /** What its ordering returned when it was frozen, or what the stored view begins with; empty if the proposer has it. */
  readonly state: readonly Message[];
  /** Whether it knows what the view begins with that it and the proposer stored, and nothing beyond. */
  readonly knowsAsStored: boolean;
}

/** What a proposer decided: the view, and where it begins. */
export interface Decision {
  readonly view: View;
  /** The log from index `start` on. */
  readonly start: number;
  readonly log: readonly Message[];
  /** `null` for a member that knows the same as it stored before, without what is in the log now. */
  readonly known: readonly Message[] | null;
}

/** What a member that is refused is told of the group's log, which is all agreed on. */
export interface LogBeginning {
  /** A beginning of the log, no longer than that member's: its length, and a digest of it. */
  readonly length: number;
  readonly digest: Digest;
  /** What comes next, or the first entries of it; empty for a member that lacks nothing, or is to get it from another. */
  readonly log: readonly Message[];
}

/** What the acceptor needs done. */
export interface AcceptorHost {
  freeze(now: number): Message[];
  /** Enters a message in the log and delivers it. */
  deliver(message: Message): void;
  install(now: number, view: View, known: readonly Message[]): void;
}

/**
 * A member's memory in the agreement on views: what it promised and what it stored. The acceptor of
 * Paxos (Lamport, "The part-time parliament", 1998), with the view and its beginning as the value, and
 * the ballot as the epoch, as in Viewstamped Replication (Oki & Liskov 1988; Liskov & Cowling 2012).
 */
export class Acceptor {
  view: View;
  /** The greatest ballot that it promised. */
  promised = 0;
  /** The newest view that it stored, perhaps not yet installed. */
  #stored: View;
  #agreed = 0;
  /**
   * The length of the log with which the stored view begins. It is agreed on once all have stored
   * the view.
   */
  #begins = 0;
  /** What this member knows beyond its log since it was frozen; `null` while it is not frozen. */
  #state: readonly Message[] | null = null;
  readonly #self: number;
  readonly #log: TotalOrderLog;
  readonly #host: AcceptorHost;

  constructor(self: number, firstView: View, log: TotalOrderLog, host: AcceptorHost) {
    this.#self = self;
    this.view = firstView;
    this.#stored = firstView;
    this.#log = log;
    this.#host = host;
  }

  get frozen(): boolean {
    return this.#state !== null;
  }

  /**
   * Whether it froze the ordering on its own, with no ballot promised since the view began: then nobody else may
   * know that a change is wanted.
   */
  get frozenAlone(): boolean {
    return this.frozen && this.promised === this.view.epoch;
  }

  get standing(): Standing {
    const { length } = this.#log;
    const digest = this.#log.digestOf(length);
    return { epoch: this.#stored.epoch, agreed: this.#agreed, length, digest };
  }

  /** Ends the view for this member; doing so again changes nothing. */
  freeze(now: number): void {
    this.#state ??= this.#host.freeze(now);
  }

  /**
   * Promises `ballot`, greater than any before, to a proposer that stands at `proposer`; `null` is this member itself.
   *
   * All that stored a view know the same where it begins, and whoever installed it has delivered that. So a member that
   * stored the proposer's newest view, and has not installed it, has nothing to tell: what was decided once is sent to
   * each member once, however many attempts it takes until a view begins.
   */
  pledge(now: number, ballot: number, proposer: Standing | null): Pledge {
    assert(ballot > this.promised, 'ballots are promised in ascending order');
    this.promised = ballot;
    this.freeze(now);
    const { epoch } = this.#stored;
    const knowsAsStored = this.view.epoch !== epoch && epoch === (proposer?.epoch ?? epoch);
    const isKnown = proposer !== null && (knowsAsStored || epoch < proposer.epoch);
    const start = proposer === null ? this.#log.length : this.#startFor(proposer);
    return {
      member: this.#self,
      ...this.standing,
      start,
      log: this.#log.from(start),
      state: isKnown ? [] : this.#state!,
      knowsAsStored,
    };
  }

  /** Whether the log of a member that stands so is the beginning of this one, or all of it. */
  continues({ length, digest }: Standing): boolean {
    return length <= this.#log.length && isSameDigest(this.#log.digestOf(length), digest);
  }

  /**
   * What a member that stands at `standing` is told when it is refused: a beginning of the log that is agreed on, as far as
   * it has one itself, by which it finds out whether it went astray. If `bringsOn`, and it did not, what it lacks follows, up
   * to CATCH_UP_MAX entries. All of it is agreed on, so that the member may deliver it before it is in a view again.
   *
   * What it delivered beyond the beginning of this view, nobody can judge yet: members of older views may have delivered
   * the same, and their entries are taken over when the next view begins (`adopt`).
   */
  refusalFor(standing: Standing, bringsOn: boolean): LogBeginning {
    const length = Math.min(standing.length, this.#agreed);
    const isTold = bringsOn && this.continues(standing);
    const log = isTold ? this.#log.from(length, Math.min(this.#agreed, length + CATCH_UP_MAX)) : [];
    return { length, digest: this.#log.digestOf(length), log };
  }

  /**
   * Holds the log against a beginning of the group's. A member whose log begins otherwise was left behind for good.
   * Throws ExclusionError then.
   */
  requireBeginning({ length, digest }: LogBeginning): void {
    if (!isSameDigest(this.#log.digestOf(length), digest)) throw new ExclusionError(ASTRAY);
  }

  /** Whether a member that stands so is far behind this one. */
  isFarAhead({ length }: Standing): boolean {
    return length + LAG_MAX < this.#log.length;
  }

  /** What a member that promised `pledge` is to store. */
  decisionFor(pledge: Pledge, view: View, known: readonly Message[] | null): Decision {
    if (this.continues(pledge)) {
      const start = pledge.length;
      return { view, start, log: this.#log.from(start), known };
    }
    // A log that is no beginning of the group's holds what nobody agreed on: its member stops when it learns that.
    return { view, start: pledge.agreed, log: [], known };
  }

  /** Brings the log up to date with that of `donor`, which is the group's. */
  follow(donor: Pledge): void {
    this.catchUp(donor.start, donor.log);
    if (this.continues(donor)) return;
    throw new ExclusionError(ASTRAY);
  }

  /**
   * Brings the log up to date with the group's log from index `start` on. The entries that it adds
   * were delivered elsewhere; the entries that are here already must be the same, or this member
   * has been left behind for good.
   */
  catchUp(start: number, entries: readonly Message[]): void {
    const matching = this.adopt(start, entries);
    if (matching === entries.length) return;
    const { sender, sequence } = entries[matching]!;
    throw new ExclusionError(
      `this member was excluded from its view, and had not delivered message ${sequence} of ` +
        `member ${sender} at position ${start + matching + 1}, where the others did`,
    );
  }

  /**
   * Adds to the log what another member delivered from index `start` on, up to the first entry that
   * contradicts the log. Returns how many entries did not.
   */
  adopt(start: number, entries: readonly Message[]): number {
    for (const [offset, entry] of entries.entries()) {
      const index = start + offset;
      if (index < this.#log.length) {
        const isSame =
          this.#log.senderAt(index) === entry.sender &&
          this.#log.sequenceAt(index) === entry.sequence;
        if (!isSame) return offset;
      } else if (this.#log.countOf(entry.sender) === entry.sequence) this.#host.deliver(entry);
      else return offset;
    }
    return entries.length;
  }

  /** Stores the decision of ballot `decision.view.epoch`, if it is the one last promised. */
  store(decision: Decision): boolean {
    const { view, start, log, known } = decision;
    if (view.epoch !== this.promised) return false;
    if (known === null && this.#stored.epoch === this.view.epoch) return false;
    this.catchUp(start, log);
    this.#refuseMore(start + log.length);
    this.#stored = view;
    this.#begins = this.#log.length;
    this.#state = known ?? this.#state!.filter((message) => !this.#isLogged(message));
    return true;
  }

  /** Whether the view of ballot `epoch` has begun without this member if it has begun: it promised, and did not store it. */
  isLeftOut(epoch: number): boolean {
    return this.promised === epoch && this.#stored.epoch !== epoch;
  }

  /**
   * Installs the stored view if its epoch is `epoch`: a member that names this epoch knows that all
   * members stored the view. After the promise of a greater ballot nothing is installed, since what
   * this member promised to the ballot's proposer is what it had stored.
   */
  install(now: number, epoch: number): boolean {
    const isStored = this.#stored.epoch === epoch && this.view.epoch !== epoch;
    if (!isStored || this.promised !== epoch) return false;
    const known = this.#state!;
    this.view = this.#stored;
    // The length counts as agreed only now: a decision that nobody else stored is no agreement, and
    // may hide entries that are astray.
    this.#agreed = this.#begins;
    this.#state = null;
    this.#host.install(now, this.view, known);
    return true;
  }

  /**
   * From where on the proposer may need this log. The logs of two members of one view are prefixes of one another,
   * so the proposer lacks at most the end of a longer one. A log of a member of another view may be
   * astray after what was agreed on in the last common view; whether it is, the digest tells who has the longer
   * log. To send all of it instead takes a slow member so long that the others begin anew meanwhile.
   */
  #startFor(proposer: Standing): number {
    const { length } = this.#log;
    const isOfOneView = this.#stored.epoch === proposer.epoch;
    if (isOfOneView || length < proposer.length) return Math.min(proposer.length, length);
    if (this.continues(proposer)) return proposer.length;
    return Math.min(proposer.agreed, this.#agreed);
  }

  #isLogged({ sender, sequence }: Message): boolean {
    return this.#log.includes(sender, sequence);
  }

  #refuseMore(length: number): void {
    if (this.#log.length <= length) return;
    throw new ExclusionError(
      `this member was excluded from its view, and had delivered ` +
        `${this.#log.length - length} more than the others agreed on`,
    );
  }
}

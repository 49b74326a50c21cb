import type { Acceptor } from './membership-acceptor.ts';
import type { MembershipBallots } from './membership-ballots.ts';
import type { MembershipPatience } from './membership-patience.ts';
import type { Proposal } from './membership-proposal.ts';
import type { Roster } from './membership-roster.ts';
import type { MembershipWire } from './membership-wire.ts';
import { Kind } from '../message.ts';

/**
 * Makes an attempt at a view last as long as what it awaits is coming. A promise and a decision may be megabytes, and
 * what its sender had to say before stands ahead of them on the same channel. On a path that is long and loses much
 * that takes longer than any patience; and what was given up still comes, ahead of the next attempt's.
 *
 * A proposer waits on while there is something from those that have not answered, unless a majority has: it goes on
 * without the rest of them. Who has promised waits on while there is something from the proposer. Each tells the others
 * that wait for it, since they see nothing of that: the proposer all that it asked, and they the proposer.
 */
export class AwaitedPieces {
  readonly #self: number;
  readonly #acceptor: Acceptor;
  readonly #ballots: MembershipBallots;
  readonly #patience: MembershipPatience;
  readonly #roster: Roster;
  readonly #wire: MembershipWire;

  constructor(
    self: number,
    acceptor: Acceptor,
    ballots: MembershipBallots,
    patience: MembershipPatience,
    roster: Roster,
    wire: MembershipWire,
  ) {
    this.#self = self;
    this.#acceptor = acceptor;
    this.#ballots = ballots;
    this.#patience = patience;
    this.#roster = roster;
    this.#wire = wire;
  }

  /** Notes that a message of `kind` came from `from` while this member, which may have a proposal of its own, is frozen. */
  hear(now: number, from: number, kind: number, proposal: Proposal | null): void {
    if (!this.#patience.isPieceDue(now)) return;
    if (proposal === null) this.#hearProposer(now, from, kind);
    else this.#hearAsked(now, from, proposal);
  }

  /**
   * Waits for answers in this member's own attempt, which begins or moves on: not for long where a majority has promised, or
   * where the view is decided, since the others wait for less than this member might, and know less of whom to leave out.
   */
  awaitAnswers(now: number, proposal: Proposal): void {
    const canGoOn = proposal.view !== null || this.#roster.isMajority(proposal.answered);
    this.#patience.awaitAnswers(now, canGoOn);
  }

  #hearProposer(now: number, from: number, kind: number): void {
    const { promised } = this.#acceptor;
    // Whoever asks for a promise has given up what was promised before.
    if (this.#ballots.ownerOf(promised) !== from || kind === Kind.viewPrepare) return;
    this.#patience.yieldTo(now, this.#roster.rankOf(this.#self));
    // What says that others are awaited is no piece of what is to come here.
    if (kind !== Kind.viewUnderWay) this.#wire.say(from, Kind.viewUnderWay, promised);
  }

  #hearAsked(now: number, from: number, proposal: Proposal): void {
    if (!proposal.awaits(from)) return;
    if (this.#roster.isMajority(proposal.answered)) this.#patience.notePiece(now);
    else this.awaitAnswers(now, proposal);
    this.#wire.sayToAll(proposal.asked, Kind.viewUnderWay, proposal.ballot);
  }
}

import { MembershipBallots } from './membership-ballots.ts';
import type { Acceptor } from './membership-acceptor.ts';
import { ParcelInbox, type Parcel } from './membership-parcel.ts';
import { MembershipPatience } from './membership-patience.ts';
import { AwaitedPieces } from './membership-pieces.ts';
import { Proposal } from './membership-proposal.ts';
import { Refusals } from './membership-refusal.ts';
import { Roster, type WaitsFor } from './membership-roster.ts';
import { MembershipWire } from './membership-wire.ts';
import { MembershipReader, readStanding } from './membership-reader.ts';
import { Kind, type Message } from '../message.ts';
import type { Group, Out } from '../ordering.ts';
import type { TotalOrderLog } from './total-order-log.ts';

/**
 * Agreement on the next view, by ballots and majorities.
 *
 * When somebody whom the ordering waits for is suspected, or a trusted member is not in the view, the first trusted
 * member of the view proposes the trusted ones, if they are a majority of the group. So does one that was stopped for long:
 *   viewPrepare   a ballot greater than any it has seen, and how far it is;
 *   viewPromise   each freezes its ordering, promises to follow no smaller ballot and tells what it
 *                 knows; one that promised a greater ballot answers viewRefuse, and so does one whose view goes on while
 *                 the proposer, which was left out of it, is to rest (membership-absence.ts). It tells how the log begins;
 *   viewAccept    once all have promised, or a majority and no more for a while: who is in the view,
 *                 what its log lacks, and what those of the newest view before know beyond that; each
 *                 member stores it and answers viewAccepted;
 *   viewInstall   once all members have stored it: the view begins. Who promised and is left out is told so, and what it
 *                 lacks, by viewRefuse; who went astray stops then.
 * Any number of members may propose at once, and any may crash at any step: a proposal is stored by a
 * majority before anybody acts on it, and two majorities share a member, whose promise tells it. See
 * Lamport, "The part-time parliament" (1998), and Liskov and Cowling, "Viewstamped Replication
 * Revisited" (2012). Attempts follow each other at the pace of patience, for as long as it takes;
 * viewUnderWay makes one last while what it awaits is coming (membership-pieces.ts).
 */
export class ViewChange {
  readonly #self: number;
  readonly #ballots: MembershipBallots;
  readonly #patience: MembershipPatience;
  readonly #wire: MembershipWire;
  readonly #reader: MembershipReader;
  readonly #acceptor: Acceptor;
  readonly #log: TotalOrderLog;
  readonly #roster: Roster;
  readonly #inboxes: ParcelInbox[];
  readonly #refusals: Refusals;
  readonly #pieces: AwaitedPieces;
  #proposal: Proposal | null = null;

  constructor(group: Group, out: Out, acceptor: Acceptor, log: TotalOrderLog, waitsFor: WaitsFor) {
    this.#self = group.self;
    this.#ballots = new MembershipBallots(group.self, group.size);
    this.#patience = new MembershipPatience(group.random);
    this.#wire = new MembershipWire(group.self, out);
    this.#reader = new MembershipReader(group, log);
    this.#acceptor = acceptor;
    this.#log = log;
    this.#roster = new Roster(group.size, acceptor, waitsFor);
    this.#inboxes = Array.from({ length: group.size }, () => new ParcelInbox());
    this.#refusals = new Refusals(group.self, acceptor, this.#roster, this.#wire);
    this.#pieces = new AwaitedPieces(
      group.self,
      acceptor,
      this.#ballots,
      this.#patience,
      this.#roster,
      this.#wire,
    );
  }

  /** When to attempt a change; `Infinity` when all is well, or there is nobody to do it with. */
  get deadline(): number {
    return this.#patience.deadline;
  }

  /** The suspected members of the view, where the view does not go on without them. */
  get missed(): number[] {
    return this.#roster.missed;
  }

  /** Whether a message from `from` is this protocol's rather than the ordering's. */
  concerns(from: number, message: Message): boolean {
    return this.#inboxes[from]!.concerns(message);
  }

  /** Notes that a message of `kind` came from `from` while the ordering is frozen, whatever it is about. */
  hear(now: number, from: number, kind: number): void {
    this.#pieces.hear(now, from, kind, this.#proposal);
  }

  receive(now: number, from: number, message: Message): void {
    const parcel = this.#inboxes[from]!.take(message);
    if (parcel === null || !this.#ballots.see(parcel.header.epoch)) return;
    const { kind, epoch } = parcel.header;
    if (kind === Kind.viewPrepare) this.#promise(now, from, parcel.header);
    else if (kind === Kind.viewPromise) this.#promised(now, from, parcel);
    else if (kind === Kind.viewAccept) this.#accept(now, from, parcel);
    else if (kind === Kind.viewAccepted) this.#stored(now, from, epoch);
    else if (kind === Kind.viewInstall) this.begin(now, epoch);
    else if (kind === Kind.viewRefuse) this.#refused(now, from, epoch, parcel);
  }

  suspect(now: number, member: number): void {
    if (member === this.#self) return this.#presumeLost(now);
    this.#roster.suspect(now, member);
    const proposal = this.#proposal;
    const { promised } = this.#acceptor;
    if (proposal?.view === null) {
      proposal.giveUp(member);
      this.#decideIfComplete(now, proposal);
    } else if (proposal?.awaits(member) ?? this.#ballots.isAwaited(member, promised)) {
      // What is awaited was to come from it. Whom the attempt of somebody else waits for, that one is to judge.
      this.#proposal = null;
      this.#patience.stop();
    }
    this.#reconsider(now);
  }

  trust(now: number, member: number): void {
    this.#roster.trust(now, member);
    const proposal = this.#proposal;
    if (proposal?.view === null) {
      if (!this.#roster.isResting(now, member) && proposal.ask(member)) {
        this.#wire.prepare([member], proposal.ballot, this.#acceptor.standing);
      }
      this.#decideIfComplete(now, proposal);
    }
    this.#reconsider(now);
  }

  /**
   * This member was stopped for so long that the others may have a view without it: if it is one whom
   * they would have waited for, it does nothing in the old one any more. If they have none, they wait for it and know
   * of no reason to propose. So it does, soon, and not when it would have been time to take somebody back.
   */
  #presumeLost(now: number): void {
    if (this.#acceptor.frozen || !this.#roster.isNeeded(this.#self)) return;
    this.#roster.holdUp(now);
    this.#patience.stop();
    this.#acceptor.freeze(now);
    this.#reconsider(now);
  }

  /** Acts when `deadline` has come: nothing has moved for long, or a change is wanted. */
  advance(now: number): void {
    this.#patience.stop();
    const proposal = this.#proposal;
    if (proposal?.hasRefusers) return this.#askAgain(now, proposal);
    this.#proposal = null;
    if (proposal?.view) this.#roster.leaveOut(now, proposal.awaited);
    const members = this.#roster.candidates(now);
    if (!this.#roster.isMajority(members)) return;
    if (!this.#roster.isChangeWanted(now)) this.#reconsider(now);
    else if (proposal?.view === null && this.#roster.isElectable(proposal)) {
      this.#proposal = proposal;
      this.#decide(now, proposal);
    } else this.#propose(now, members);
  }

  /**
   * Asks those again that refused since this member is to rest. Its rest is over at one member sooner than at another,
   * and those who have promised by now stand still, so that waiting for it would cost more than one question.
   */
  #askAgain(now: number, proposal: Proposal): void {
    this.#pieces.awaitAnswers(now, proposal);
    this.#wire.prepare(proposal.takeRefusers(), proposal.ballot, this.#acceptor.standing);
  }

  /** Notes that a message of view `epoch` came: if this member stored that view, it has begun. */
  begin(now: number, epoch: number): void {
    if (this.#acceptor.isLeftOut(epoch)) this.#patience.retry(now);
    if (!this.#acceptor.install(now, epoch)) return;
    this.#proposal = null;
    this.#roster.begin(now);
    // Whoever was left out though it lives was too slow for this attempt: the one that takes it back gets longer.
    this.#patience.end(this.#roster.back.length === 0);
    this.#reconsider(now);
  }

  #propose(now: number, members: readonly number[]): void {
    const ballot = this.#ballots.next(this.#acceptor.promised);
    const proposal = new Proposal(ballot, members);
    this.#proposal = proposal;
    this.#pieces.awaitAnswers(now, proposal);
    this.#patience.grow();
    this.#roster.holdUp(now);
    this.#wire.prepare(members, ballot, this.#acceptor.standing);
    proposal.promise(this.#acceptor.pledge(now, ballot, null));
    this.#decideIfComplete(now, proposal);
  }

  #promise(now: number, from: number, prepare: Message): void {
    const ballot = prepare.epoch;
    const standing = readStanding(prepare);
    if (this.#refusals.refuses(now, from, ballot, standing)) return;
    this.#proposal = null;
    this.#patience.grow();
    this.#patience.yieldTo(now, this.#roster.rankOf(this.#self));
    this.#roster.holdUp(now);
    const pledge = this.#acceptor.pledge(now, ballot, standing);
    this.#wire.promise(from, ballot, pledge);
  }

  #promised(now: number, from: number, parcel: Parcel): void {
    const proposal = this.#proposal;
    if (proposal?.ballot !== parcel.header.epoch || proposal.view !== null) return;
    const pledge = this.#reader.pledge(from, parcel);
    if (pledge === null) return;
    proposal.promise(pledge);
    if (!proposal.hasRefusers) this.#pieces.awaitAnswers(now, proposal);
    this.#decideIfComplete(now, proposal);
  }

  #decideIfComplete(now: number, proposal: Proposal): void {
    if (!proposal.complete || !this.#roster.isElectable(proposal)) return;
    this.#decide(now, proposal);
  }

  /** Decides once enough have promised, and tells each member of the view where it begins. */
  #decide(now: number, proposal: Proposal): void {
    const { donor } = proposal;
    // This comes first, so that a proposer that went astray stops before it proposes its own errors.
    this.#acceptor.follow(donor);
    // What members of older views delivered beyond that is part of what was decided since then.
    for (const pledge of proposal.pledges) this.#acceptor.adopt(pledge.start, pledge.log);
    const known = proposal.merge(this.#log);
    const view = proposal.decide(this.#roster.elect(proposal));
    for (const member of view.members) {
      if (member === this.#self) continue;
      const pledge = proposal.pledgeOf(member);
      const news = proposal.knowsAll(member) ? null : known;
      const decision = this.#acceptor.decisionFor(pledge, view, news);
      this.#wire.accept(member, decision);
    }
    this.#acceptor.store({ view, start: this.#log.length, log: [], known });
    this.#stored(now, this.#self, view.epoch);
  }

  #accept(now: number, from: number, parcel: Parcel): void {
    const decision = this.#reader.decision(parcel);
    if (decision === null || !this.#acceptor.store(decision)) return;
    this.#patience.yieldTo(now, this.#roster.rankOf(this.#self));
    this.#wire.say(from, Kind.viewAccepted, parcel.header.epoch);
  }

  #stored(now: number, member: number, epoch: number): void {
    const proposal = this.#proposal;
    const view = proposal?.view;
    if (view?.epoch !== epoch) return;
    this.#pieces.awaitAnswers(now, proposal!);
    proposal!.store(member);
    if (!proposal!.complete) return;
    this.#wire.sayToAll(view.members, Kind.viewInstall, epoch);
    this.begin(now, epoch);
    this.#refusals.tellLeftOut(proposal!);
  }

  /**
   * Notes that `from` promised `ballot`, which may be greater than this member's, or that it goes on without this
   * member, and what it told of the log.
   */
  #refused(now: number, from: number, ballot: number, parcel: Parcel): void {
    const refusal = this.#reader.refusal(parcel);
    if (refusal === null) return;
    this.#acceptor.requireBeginning(refusal);
    const { frozen, promised } = this.#acceptor;
    const { length } = this.#log;
    if (frozen && this.#ballots.allowsMore(promised, ballot)) {
      this.#acceptor.catchUp(refusal.length, refusal.log);
    }
    const proposal = this.#proposal;
    if (proposal === null) return;
    if (ballot > proposal.ballot) {
      // Who promised more is out of this attempt, perhaps for one of its own that nobody else follows.
      proposal.giveUp(from);
      const isAlive = proposal.view === null && this.#roster.isMajority(proposal.asked);
      if (isAlive) return this.#decideIfComplete(now, proposal);
      this.#proposal = null;
      if (this.#roster.isSuspected(this.#ballots.ownerOf(ballot))) this.#patience.retry(now);
      else this.#patience.yieldTo(now, this.#roster.rankOf(this.#self));
    } else if (proposal.view !== null) return;
    else if (this.#log.length > length) {
      this.#pieces.awaitAnswers(now, proposal);
      this.#wire.prepare([from], proposal.ballot, this.#acceptor.standing);
      // The others may have refused for what this member lacked, too, and who promises stands still until they do.
      if (proposal.recallRefusers()) this.#patience.askAgain(now);
    } else if (proposal.refuse(from)) this.#patience.askAgain(now);
  }

  /** Sets when to attempt a change, if one is wanted, unless it is set for an earlier time. */
  #reconsider(now: number): void {
    if (this.#proposal !== null) return;
    const { frozen } = this.#acceptor;
    if (frozen && this.#patience.deadline !== Infinity) return;
    const rank = this.#roster.rankOf(this.#self);
    if (this.#acceptor.frozenAlone) this.#patience.planStopped(now, rank);
    else if (frozen || this.#roster.isSomebodyLost) this.#patience.plan(now, rank);
    else this.#patience.planRejoin(now, rank, this.#roster.backAt);
  }
}

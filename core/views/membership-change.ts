import type { Acceptor } from './membership-acceptor.ts';
import { ParcelInbox, type Parcel } from './membership-parcel.ts';
import { MembershipPatience } from './membership-patience.ts';
import { Proposal } from './membership-proposal.ts';
import { MembershipWire, readDecision, readPledge, readStanding } from './membership-wire.ts';
import { Kind, type Message } from '../message.ts';
import type { Group, Out } from '../ordering.ts';
import type { TotalOrderLog } from './total-order-log.ts';
import { majorityOf } from './view.ts';

/**
 * Whose silence stops an ordering: that of its view's first member, or of any. The others may stay in
 * the view without harm, and need no change of view when they come back.
 */
export type WaitsFor = 'first' | 'all';

/**
 * Agreement on the next view, by ballots and majorities.
 *
 * When somebody whom the ordering waits for is suspected, or a trusted member is not in the view, the
 * trusted member with the smallest index proposes the trusted ones, if they are a majority of the group:
 *   viewPrepare   a ballot greater than any it has seen, and how far it is;
 *   viewPromise   each freezes its ordering, promises to follow no smaller ballot and tells what it
 *                 knows; one that promised a greater ballot answers viewRefuse;
 *   viewAccept    once all have promised, or a majority and no more for a while: who is in the view,
 *                 what its log lacks, and what those of the newest view before know beyond that; each
 *                 member stores it and answers viewAccepted;
 *   viewInstall   once all members have stored it: the view begins.
 * Any number of members may propose at once, and any may crash at any step: a proposal is stored by a
 * majority before anybody acts on it, and two majorities share a member, whose promise tells it. See
 * Lamport, "The part-time parliament" (1998), and Liskov and Cowling, "Viewstamped Replication
 * Revisited" (2012). Attempts follow each other at the pace of patience, for as long as it takes.
 */
export class ViewChange {
  readonly #self: number;
  readonly #size: number;
  readonly #patience: MembershipPatience;
  readonly #wire: MembershipWire;
  readonly #acceptor: Acceptor;
  readonly #log: TotalOrderLog;
  readonly #waitsFor: WaitsFor;
  readonly #suspected: boolean[];
  readonly #inboxes: ParcelInbox[];
  #proposal: Proposal | null = null;
  #ballotSeen = 0;

  constructor(group: Group, out: Out, acceptor: Acceptor, log: TotalOrderLog, waitsFor: WaitsFor) {
    this.#self = group.self;
    this.#size = group.size;
    this.#patience = new MembershipPatience(group.random);
    this.#wire = new MembershipWire(group.self, out);
    this.#acceptor = acceptor;
    this.#log = log;
    this.#waitsFor = waitsFor;
    this.#suspected = new Array<boolean>(group.size).fill(false);
    this.#inboxes = Array.from({ length: group.size }, () => new ParcelInbox());
  }

  /** When to attempt a change; `Infinity` when all is well, or there is nobody to do it with. */
  get deadline(): number {
    return this.#patience.deadline;
  }

  /** The suspected members of the view, where the view does not go on without them. */
  get missed(): number[] {
    const isMajorityLost = this.#trusted().length < majorityOf(this.#size);
    if (!this.#acceptor.frozen && !this.#isSomebodyLost() && !isMajorityLost) return [];
    return this.#acceptor.view.members.filter((member) => this.#suspected[member]!);
  }

  /** Whether a message from `from` is this protocol's rather than the ordering's. */
  concerns(from: number, message: Message): boolean {
    const isOwnKind = message.kind >= Kind.viewPrepare && message.kind <= Kind.viewRefuse;
    return isOwnKind || this.#inboxes[from]!.open;
  }

  receive(now: number, from: number, message: Message): void {
    const inbox = this.#inboxes[from]!;
    if (inbox.open) {
      this.#unpack(now, from, inbox.add(message));
    } else if (message.kind === Kind.viewPromise || message.kind === Kind.viewAccept) {
      this.#unpack(now, from, inbox.begin(message));
    } else {
      this.#answer(now, from, message);
    }
  }

  suspect(now: number, member: number): void {
    if (member === this.#self) return this.#presumeLost(now);
    this.#suspected[member] = true;
    const proposal = this.#proposal;
    if (proposal?.view === null) {
      proposal.giveUp(member);
      this.#decideIfComplete(now, proposal);
    } else if (proposal === null || proposal.awaits(member)) {
      // The answer that was awaited may have been this member's.
      this.#proposal = null;
      this.#patience.deadline = Infinity;
    }
    this.#reconsider(now);
  }

  trust(now: number, member: number): void {
    this.#suspected[member] = false;
    const proposal = this.#proposal;
    if (proposal?.view === null) {
      if (proposal.ask(member)) {
        this.#wire.prepare(member, proposal.ballot, this.#acceptor.standing);
      }
      this.#decideIfComplete(now, proposal);
    }
    this.#reconsider(now);
  }

  /**
   * This member was stopped for so long that the others may have a view without it: if it is one whom
   * they would have waited for, it does nothing in the old one any more.
   */
  #presumeLost(now: number): void {
    const { members } = this.#acceptor.view;
    if (this.#waitsFor === 'first' && members[0] !== this.#self) return;
    this.#acceptor.freeze(now);
    this.#reconsider(now);
  }

  /** Acts when `deadline` has come: nothing has moved for long, or a change is wanted. */
  advance(now: number): void {
    this.#patience.deadline = Infinity;
    const proposal = this.#proposal;
    this.#proposal = null;
    const members = this.#trusted();
    if (!this.#isChangeWanted() || members.length < majorityOf(this.#size)) return;
    if (proposal?.view === null && this.#electable(proposal).length >= majorityOf(this.#size)) {
      this.#proposal = proposal;
      this.#decide(now, proposal);
    } else this.#propose(now, members);
  }

  /** Notes that a message of view `epoch` came: if this member stored that view, it has begun. */
  begin(now: number, epoch: number): void {
    if (!this.#acceptor.install(now, epoch)) return;
    this.#proposal = null;
    this.#patience.reset();
    this.#reconsider(now);
  }

  #propose(now: number, members: readonly number[]): void {
    const seen = Math.max(this.#ballotSeen, this.#acceptor.promised);
    const ballot = (Math.floor(seen / this.#size) + 1) * this.#size + this.#self;
    const proposal = new Proposal(ballot, members);
    this.#proposal = proposal;
    this.#patience.awaitProgress(now);
    this.#patience.grow();
    const { standing } = this.#acceptor;
    for (const member of members) {
      if (member !== this.#self) this.#wire.prepare(member, ballot, standing);
    }
    proposal.promise(this.#acceptor.pledge(now, ballot, standing));
    this.#decideIfComplete(now, proposal);
  }

  #answer(now: number, from: number, message: Message): void {
    const { kind, epoch } = message;
    this.#ballotSeen = Math.max(this.#ballotSeen, epoch);
    if (kind === Kind.viewPrepare) this.#promise(now, from, message);
    else if (kind === Kind.viewAccepted) this.#stored(now, from, epoch);
    else if (kind === Kind.viewInstall) this.begin(now, epoch);
    else if (kind === Kind.viewRefuse) this.#refused(now, epoch);
  }

  #unpack(now: number, from: number, parcel: Parcel | null): void {
    if (parcel === null) return;
    if (parcel.header.kind === Kind.viewPromise) this.#promised(now, from, parcel);
    else this.#accept(from, parcel);
  }

  #promise(now: number, from: number, prepare: Message): void {
    const ballot = prepare.epoch;
    if (ballot <= this.#acceptor.promised) {
      this.#wire.say(from, Kind.viewRefuse, this.#acceptor.promised);
      return;
    }
    this.#proposal = null;
    this.#patience.yieldTo(now, this.#rank());
    this.#patience.grow();
    const pledge = this.#acceptor.pledge(now, ballot, readStanding(prepare));
    this.#wire.promise(from, ballot, pledge);
  }

  #promised(now: number, from: number, parcel: Parcel): void {
    const proposal = this.#proposal;
    if (proposal?.ballot !== parcel.header.epoch || proposal.view !== null) return;
    this.#patience.awaitProgress(now);
    proposal.promise(readPledge(from, parcel));
    this.#decideIfComplete(now, proposal);
  }

  #decideIfComplete(now: number, proposal: Proposal): void {
    if (!proposal.complete || this.#electable(proposal).length < majorityOf(this.#size)) return;
    this.#decide(now, proposal);
  }

  /** Who can be in the view: the members that promised and are trusted. */
  #electable(proposal: Proposal): number[] {
    return proposal.promisers.filter((member) => !this.#suspected[member]!);
  }

  /** Decides once enough have promised, and tells each member of the view where it begins. */
  #decide(now: number, proposal: Proposal): void {
    const { donor } = proposal;
    // This comes first, so that a proposer that went astray stops before it proposes its own errors.
    this.#acceptor.catchUp(donor.start, donor.log);
    // What members of older views delivered beyond that is part of what was decided since then.
    for (const pledge of proposal.pledges) this.#acceptor.adopt(pledge.start, pledge.log);
    const known = proposal.merge(this.#log);
    const view = proposal.decide(this.#electable(proposal));
    for (const member of view.members) {
      if (member === this.#self) continue;
      const start = proposal.startFor(member);
      this.#wire.accept(member, { view, start, log: this.#log.from(start), known });
    }
    this.#acceptor.store({ view, start: this.#log.length, log: [], known });
    this.#patience.awaitProgress(now);
    this.#stored(now, this.#self, view.epoch);
  }

  #accept(from: number, parcel: Parcel): void {
    const isStored = this.#acceptor.store(readDecision(parcel));
    if (isStored) this.#wire.say(from, Kind.viewAccepted, parcel.header.epoch);
  }

  #stored(now: number, member: number, epoch: number): void {
    const view = this.#proposal?.view;
    if (view?.epoch !== epoch) return;
    this.#patience.awaitProgress(now);
    this.#proposal!.store(member);
    if (!this.#proposal!.complete) return;
    for (const other of view.members) {
      if (other !== this.#self) this.#wire.say(other, Kind.viewInstall, epoch);
    }
    this.begin(now, epoch);
  }

  /** Notes that some member promised `ballot`, which is greater than this member's. */
  #refused(now: number, ballot: number): void {
    if (this.#proposal === null || ballot <= this.#proposal.ballot) return;
    this.#proposal = null;
    if (this.#suspected[ballot % this.#size]!) this.#patience.retry(now);
    else this.#patience.yieldTo(now, this.#rank());
  }

  /** Sets when to attempt a change, unless it is set or none is wanted. */
  #reconsider(now: number): void {
    if (this.#patience.deadline !== Infinity || this.#proposal !== null || !this.#isChangeWanted())
      return;
    const isUrgent = this.#acceptor.frozen || this.#isSomebodyLost();
    this.#patience.plan(now, this.#rank(), isUrgent);
  }

  #isChangeWanted(): boolean {
    return this.#acceptor.frozen || this.#isSomebodyLost() || this.#isSomebodyBack();
  }

  /** Whether the ordering cannot go on without one of the suspected members. */
  #isSomebodyLost(): boolean {
    const { members } = this.#acceptor.view;
    if (this.#waitsFor === 'first') return this.#suspected[members[0]!]!;
    return members.some((member) => this.#suspected[member]!);
  }

  #isSomebodyBack(): boolean {
    const { members } = this.#acceptor.view;
    return this.#suspected.some((suspected, member) => !suspected && !members.includes(member));
  }

  /** How many trusted members come before this one. */
  #rank(): number {
    return this.#trusted().indexOf(this.#self);
  }

  #trusted(): number[] {
    return this.#suspected.flatMap((suspected, member) => (suspected ? [] : [member]));
  }
}

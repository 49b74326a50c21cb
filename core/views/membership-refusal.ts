import type { Acceptor, Standing } from './membership-acceptor.ts';
import type { Proposal } from './membership-proposal.ts';
import type { Roster } from './membership-roster.ts';
import type { MembershipWire } from './membership-wire.ts';
import { Kind } from '../message.ts';

/** Whom this member does not follow, and what it tells them (viewRefuse). */
export class Refusals {
  readonly #self: number;
  readonly #acceptor: Acceptor;
  readonly #roster: Roster;
  readonly #wire: MembershipWire;

  constructor(self: number, acceptor: Acceptor, roster: Roster, wire: MembershipWire) {
    this.#self = self;
    this.#acceptor = acceptor;
    this.#roster = roster;
    this.#wire = wire;
  }

  /**
   * Refuses `ballot` if its proposer, which stands at `standing`, is not to be followed: it is to rest, it lacks too
   * much, or a greater ballot is promised. One that is out of a view which works gets from its first member what it lacks.
   */
  refuses(now: number, proposer: number, ballot: number, standing: Standing): boolean {
    const { frozen, promised, view } = this.#acceptor;
    const isWaitedFor = !frozen && view.members.includes(proposer);
    const isLeftBehind = !isWaitedFor && this.#acceptor.isFarAhead(standing);
    const isUnwanted = this.#roster.isUnwanted(now, proposer) || isLeftBehind;
    if (!isUnwanted && ballot > promised) return false;
    this.#refuse(proposer, standing, isUnwanted && view.members[0] === this.#self);
    return true;
  }

  /**
   * Tells those that promised, and are not in the view which has begun, how the log begins that the others have now agreed
   * on, and what comes next, and that it has begun: who went astray stops then, and who lacks much asks for more.
   */
  tellLeftOut(proposal: Proposal): void {
    for (const pledge of proposal.pledges) {
      const isLeftOut = !this.#acceptor.view.members.includes(pledge.member);
      if (isLeftOut || !this.#acceptor.continues(pledge)) this.#refuse(pledge.member, pledge, true);
      if (isLeftOut) this.#wire.say(pledge.member, Kind.viewInstall, proposal.ballot);
    }
  }

  /** Refuses a proposal; if `bringsOn`, its proposer gets what it lacks. */
  #refuse(member: number, standing: Standing, bringsOn: boolean): void {
    const { promised } = this.#acceptor;
    this.#wire.refuse(member, promised, this.#acceptor.refusalFor(standing, bringsOn));
  }
}

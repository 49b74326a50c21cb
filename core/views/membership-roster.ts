import { Absences } from './membership-absence.ts';
import type { Acceptor } from './membership-acceptor.ts';
import type { Proposal } from './membership-proposal.ts';
import type { Microseconds } from '../ordering.ts';
import { majorityOf } from './view.ts';

/**
 * Whose silence stops an ordering: that of its view's first member, or of any. The others may stay in
 * the view without harm, and need no change of view when they come back.
 */
export type WaitsFor = 'first' | 'all';

/** Whom this member suspects, who rests, and what follows from that for the view and for the next one. */
export class Roster {
  readonly #acceptor: Acceptor;
  readonly #waitsFor: WaitsFor;
  readonly #majority: number;
  readonly #suspected: boolean[];
  readonly #absences: Absences;
  /** Since when this member's ordering has been frozen, if it is. */
  #heldUpSince = 0;
  /** Who was in the view when the ordering was frozen last, or was to be in the next one. */
  readonly #expected = new Set<number>();

  constructor(size: number, acceptor: Acceptor, waitsFor: WaitsFor) {
    this.#acceptor = acceptor;
    this.#waitsFor = waitsFor;
    this.#majority = majorityOf(size);
    this.#suspected = new Array<boolean>(size).fill(false);
    this.#absences = new Absences(size);
  }

  /** Nobody is slow who could not be heard: how long a change takes counts from here on. */
  suspect(now: Microseconds, member: number): void {
    this.#suspected[member] = true;
    this.#heldUpSince = now;
  }

  trust(now: Microseconds, member: number): void {
    this.#suspected[member] = false;
    this.#heldUpSince = now;
    if (!this.isResting(now, member)) this.#expected.add(member);
  }

  isSuspected(member: number): boolean {
    return this.#suspected[member]!;
  }

  /** Whether `members` are more than half of the group. */
  isMajority(members: readonly number[]): boolean {
    return members.length >= this.#majority;
  }

  /** Ascending. */
  get trusted(): number[] {
    return this.#suspected.flatMap((suspected, member) => (suspected ? [] : [member]));
  }

  /**
   * How many trusted members have a better right to propose than `member`, ascending: those of the view first, since the
   * others refuse what one proposes that is not in it and rests, and it may lack much.
   */
  rankOf(member: number): number {
    return [...this.#present, ...this.back].indexOf(member);
  }

  /** The trusted members of the view. */
  get #present(): number[] {
    return this.#acceptor.view.members.filter((member) => !this.isSuspected(member));
  }

  /** The trusted members that are not in the view. */
  get back(): number[] {
    const members = new Set(this.#acceptor.view.members);
    return this.trusted.filter((member) => !members.has(member));
  }

  /** When the first of those that are back has rested; `Infinity` if nobody is back. */
  get backAt(): Microseconds {
    return Math.min(...this.back.map((member) => this.#absences.restsUntil(member)));
  }

  /**
   * Whether the ordering cannot go on without one of the suspected members. One that waits for its view's first member
   * alone needs a majority of the group as well, and has nobody to find it among but the members of the view.
   */
  get isSomebodyLost(): boolean {
    const { members } = this.#acceptor.view;
    if (this.#waitsFor === 'all') return members.some((member) => this.isSuspected(member));
    return this.isSuspected(members[0]!) || !this.isMajority(this.#present);
  }

  /** The suspected members of the view, where the view does not go on without them. */
  get missed(): number[] {
    const isMajorityLost = !this.isMajority(this.trusted);
    if (!this.#acceptor.frozen && !this.isSomebodyLost && !isMajorityLost) return [];
    return this.#acceptor.view.members.filter((member) => this.isSuspected(member));
  }

  /** Whether others would have made a view without `member`, had they heard nothing of it alone. */
  isNeeded(member: number): boolean {
    return this.#waitsFor === 'all' || this.#acceptor.view.members[0] === member;
  }

  isChangeWanted(now: Microseconds): boolean {
    return this.#acceptor.frozen || this.isSomebodyLost || this.backAt <= now;
  }

  isResting(now: Microseconds, member: number): boolean {
    return now < this.#absences.restsUntil(member);
  }

  /** Whether a proposal of `member` would only disturb: it rests, and the view goes on without it. */
  isUnwanted(now: Microseconds, member: number): boolean {
    if (this.#acceptor.frozen || this.isSomebodyLost) return false;
    return this.isResting(now, member) && !this.#acceptor.view.members.includes(member);
  }

  /** Who is asked to be in the next view: the trusted members, without those that rest if the others are enough. */
  candidates(now: Microseconds): number[] {
    const { trusted } = this;
    const awake = trusted.filter((member) => !this.isResting(now, member));
    return this.isMajority(awake) ? awake : trusted;
  }

  /** Whether the members that promised and are trusted are enough for the view of `proposal`. */
  isElectable(proposal: Proposal): boolean {
    return this.isMajority(this.#electable(proposal));
  }

  /**
   * Who is to be in the view of `proposal`: all that can be, without two kinds of members if the others are enough. One
   * that went astray would stop as soon as it stored the view, and all others would wait for it until they suspect it. A slow one
   * that is far behind takes in what it lacks while the view works.
   */
  elect(proposal: Proposal): readonly number[] {
    const electable = this.#electable(proposal);
    const sound = this.#ifEnough(electable, (member) => {
      return this.#acceptor.continues(proposal.pledgeOf(member));
    });
    return this.#ifEnough(sound, (member) => {
      return (
        !this.#absences.isSlow(member) || !this.#acceptor.isFarAhead(proposal.pledgeOf(member))
      );
    });
  }

  #electable(proposal: Proposal): number[] {
    return proposal.promisers.filter((member) => !this.isSuspected(member));
  }

  /** Those of `members` that are `fit`, if they are enough; otherwise all of them. */
  #ifEnough(members: readonly number[], fit: (member: number) => boolean): readonly number[] {
    const others = members.filter(fit);
    return this.isMajority(others) ? others : members;
  }

  /** Notes that the ordering is about to be frozen, if it is not. */
  holdUp(now: Microseconds): void {
    if (this.#acceptor.frozen) return;
    this.#heldUpSince = now;
    this.#expected.clear();
    for (const member of this.#acceptor.view.members) this.#expected.add(member);
    for (const member of this.candidates(now)) this.#expected.add(member);
  }

  /** Notes that the others go on without `members`. */
  leaveOut(now: Microseconds, members: Iterable<number>): void {
    const heldUpUs = now - this.#heldUpSince;
    for (const member of members) this.#absences.leaveOut(now, member, heldUpUs);
  }

  /**
   * Notes who is in the view that begins, and who is not though it was expected there. Who was out before and was not asked,
   * since it rests or cannot be heard, was not left out once more: others may change views as often as they like.
   */
  begin(now: Microseconds): void {
    const members = new Set(this.#acceptor.view.members);
    for (const member of members) this.#absences.takeBack(now, member);
    this.leaveOut(
      now,
      [...this.#expected].filter((member) => !members.has(member)),
    );
  }
}

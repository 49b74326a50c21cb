import { Absences } from './membership-absence.ts';
import type { Acceptor } from './membership-acceptor.ts';
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

  /** How many trusted members come before `member`. */
  rankOf(member: number): number {
    return this.trusted.indexOf(member);
  }

  /** The trusted members that are not in the view. */
  get back(): number[] {
    const { members } = this.#acceptor.view;
    return this.trusted.filter((member) => !members.includes(member));
  }

  /** When the first of those that are back has rested; `Infinity` if nobody is back. */
  get backAt(): Microseconds {
    return Math.min(...this.back.map((member) => this.#absences.restsUntil(member)));
  }

  /** Whether the ordering cannot go on without one of the suspected members. */
  get isSomebodyLost(): boolean {
    const { members } = this.#acceptor.view;
    if (this.#waitsFor === 'first') return this.#suspected[members[0]!]!;
    return members.some((member) => this.#suspected[member]!);
  }

  /** Whether others would have made a view without `member`, had they heard nothing of it. */
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

  /** `members` without the slow ones of which `isFar` says that they are far behind, if the others are enough. */
  withoutSlow(members: readonly number[], isFar: (member: number) => boolean): readonly number[] {
    const others = members.filter((member) => !this.#absences.isSlow(member) || !isFar(member));
    return this.isMajority(others) ? others : members;
  }

  /** Notes that the ordering is about to be frozen, if it is not. */
  holdUp(now: Microseconds): void {
    if (!this.#acceptor.frozen) this.#heldUpSince = now;
  }

  /** Notes that the others go on without `members`. */
  leaveOut(now: Microseconds, members: Iterable<number>): void {
    const heldUpUs = now - this.#heldUpSince;
    for (const member of members) this.#absences.leaveOut(now, member, heldUpUs);
  }

  /** Notes who is in the view that begins, and who is not. */
  begin(now: Microseconds): void {
    const { members } = this.#acceptor.view;
    for (const member of members) this.#absences.takeBack(member);
    const all = [...this.#suspected.keys()];
    this.leaveOut(
      now,
      all.filter((member) => !members.includes(member)),
    );
  }
}

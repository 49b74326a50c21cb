import type { Pledge } from './membership-acceptor.ts';
import type { Message } from '../message.ts';
import type { TotalOrderLog } from './total-order-log.ts';
import type { View } from './view.ts';

/**
 * One attempt at a view under a ballot: who is awaited, who promised, and who stored the decision.
 */
export class Proposal {
  readonly ballot: number;
  /** The view that was decided once enough members had promised; `null` before. */
  view: View | null = null;
  /** The members whose promise is awaited; after the decision, the members that are to store it. */
  readonly #awaited: Set<number>;
  readonly #pledges = new Map<number, Pledge>();
  /** Who is to be asked once more, and all who refused for a while. */
  #refusers: number[] = [];
  readonly #refusedOnce = new Set<number>();

  constructor(ballot: number, members: readonly number[]) {
    this.ballot = ballot;
    this.#awaited = new Set(members);
  }

  /** Whether everyone awaited has answered. */
  get complete(): boolean {
    return this.#awaited.size === 0;
  }

  get awaited(): Iterable<number> {
    return this.#awaited;
  }

  /** Those that promised or are to do so; once the view is decided, its members. */
  get asked(): readonly number[] {
    return this.view?.members ?? [...this.#pledges.keys(), ...this.#awaited];
  }

  /** Those of them of whom nothing is awaited. */
  get answered(): number[] {
    return this.asked.filter((member) => !this.awaits(member));
  }

  /** Whether `member` has still to answer. */
  awaits(member: number): boolean {
    return this.#awaited.has(member);
  }

  /** Asks `member`, which was not asked or was given up, for its promise too; false if it has given it. */
  ask(member: number): boolean {
    if (this.#pledges.has(member)) return false;
    this.#awaited.add(member);
    return true;
  }

  /** Goes on without the answer of `member`. */
  giveUp(member: number): void {
    this.#awaited.delete(member);
  }

  /** Whether somebody is to be asked once more. */
  get hasRefusers(): boolean {
    return this.#refusers.length > 0;
  }

  /** Notes that `member` refused for a while; false if it did so before, or was not asked. */
  refuse(member: number): boolean {
    if (!this.#awaited.has(member) || this.#refusedOnce.has(member)) return false;
    this.#refusers.push(member);
    this.#refusedOnce.add(member);
    return true;
  }

  /** Has all those asked once more who refused, also the second time; false if there are none. */
  recallRefusers(): boolean {
    this.#refusers = [...this.#refusedOnce].filter((member) => this.awaits(member));
    return this.hasRefusers;
  }

  /** Whom to ask once more now. */
  takeRefusers(): readonly number[] {
    const refusers = this.#refusers;
    this.#refusers = [];
    return refusers;
  }

  promise(pledge: Pledge): void {
    this.#pledges.set(pledge.member, pledge);
    this.#awaited.delete(pledge.member);
  }

  store(member: number): void {
    this.#awaited.delete(member);
  }

  get pledges(): Iterable<Pledge> {
    return this.#pledges.values();
  }

  /** Those who promised, ascending. */
  get promisers(): number[] {
    return [...this.#pledges.keys()].sort((a, b) => a - b);
  }

  /** Decides who is in the view; now these members are to store the decision. */
  decide(members: readonly number[]): View {
    this.view = { epoch: this.ballot, members };
    this.#refusers = [];
    this.#awaited.clear();
    for (const member of members) this.#awaited.add(member);
    return this.view;
  }

  /** The promise with the longest log among those that stored the newest view. */
  get donor(): Pledge {
    return this.#newest.reduce((best, pledge) => (pledge.length > best.length ? pledge : best));
  }

  /** What `member`, which promised, told with that. */
  pledgeOf(member: number): Pledge {
    return this.#pledges.get(member)!;
  }

  /**
   * Whether `member`, which promised, knows all that the next view begins with: as do those of the newest view, it knows
   * what that began with, and none of them knows more.
   */
  knowsAll(member: number): boolean {
    const isNothingNew = this.#newest.every(({ knowsAsStored }) => knowsAsStored);
    return isNothingNew && this.pledgeOf(member).knowsAsStored;
  }

  /** What the members of the newest view know beyond `log`, which is up to date. */
  merge(log: TotalOrderLog): Message[] {
    const known = new Map<string, Message>();
    for (const { state } of this.#newest) {
      for (const message of state) {
        if (!log.includes(message.sender, message.sequence)) known.set(contents(message), message);
      }
    }
    return [...known.values()];
  }

  get #newest(): Pledge[] {
    const pledges = this.promisers.map((member) => this.#pledges.get(member)!);
    const epoch = pledges.reduce((newest, pledge) => Math.max(newest, pledge.epoch), 0);
    return pledges.filter((pledge) => pledge.epoch === epoch);
  }
}

/**
 * All fields of a message by which an ordering may mean something, except the payload, which
 * follows from them.
 */
function contents(message: Message): string {
  const { kind, sender, sequence, timestamp, position, vector } = message;
  return [kind, sender, sequence, timestamp, position, ...vector].join(' ');
}

import type { Progress, Status } from '../../core/wire/datagram.ts';

const RETRY_US = 200_000;
const NOTHING: Progress = { sentAll: false, complete: false, finished: false };

function same(one: Progress, other: Progress): boolean {
  return (
    one.sentAll === other.sentAll &&
    one.complete === other.complete &&
    one.finished === other.finished
  );
}

/**
 * The end of a run by knowledge: each member tells every other how far it is, until that one has
 * answered that it knows. Lost, repeated and reordered statuses do no harm, because facts only grow.
 *
 * Pure: the caller sends `statusFor(member)` to each of `unaware` when `deadline` passes, and to
 * whomever `hear` says wants an answer.
 */
export class ProgressExchange {
  #own: Progress = NOTHING;
  readonly #self: number;
  /** What each other member said of itself. */
  readonly #others: Progress[];
  /** What each other member said that it knows of this one. */
  readonly #known: Progress[];
  deadline = Infinity;

  constructor(self: number, size: number) {
    this.#self = self;
    this.#others = Array.from({ length: size }, () => NOTHING);
    this.#known = Array.from({ length: size }, () => NOTHING);
  }

  get own(): Progress {
    return this.#own;
  }

  /** Notes a fact about this member; it is told at once. */
  declare(now: number, fact: keyof Progress): void {
    if (this.#own[fact]) return;
    this.#own = { ...this.#own, [fact]: true };
    this.deadline = now;
  }

  /** Returns whether `from` wants an answer. */
  hear(from: number, status: Status): boolean {
    const [before, known] = [this.#others[from]!, this.#known[from]!];
    this.#others[from] = union(before, status.own);
    this.#known[from] = union(known, status.heard);
    if (this.unaware.length === 0) this.deadline = Infinity;
    return status.asks;
  }

  statusFor(member: number): Status {
    return {
      own: this.#own,
      heard: this.#others[member]!,
      asks: !same(this.#own, this.#known[member]!),
    };
  }

  /** Other members of which it is not known that they know all about this one. */
  get unaware(): number[] {
    return this.#othersWhere((member) => !same(this.#own, this.#known[member]!));
  }

  /** Other members that have not said `fact` of themselves. */
  without(fact: keyof Progress): number[] {
    return this.#othersWhere((member) => !this.#others[member]![fact]);
  }

  /** Other members that will send no more, although they have not sent everything. */
  get givenUp(): number[] {
    return this.#othersWhere((member) => {
      const { sentAll, finished } = this.#others[member]!;
      return finished && !sentAll;
    });
  }

  /** Other members that still have something to send. */
  get sending(): number[] {
    return this.#othersWhere((member) => {
      const { sentAll, finished } = this.#others[member]!;
      return !finished && !sentAll;
    });
  }

  /** The statuses of this round were sent. */
  retried(now: number): void {
    this.deadline = this.unaware.length === 0 ? Infinity : now + RETRY_US;
  }

  #othersWhere(wanted: (member: number) => boolean): number[] {
    return this.#others.map((_, member) => member).filter((m) => m !== this.#self && wanted(m));
  }
}

function union(one: Progress, other: Progress): Progress {
  return {
    sentAll: one.sentAll || other.sentAll,
    complete: one.complete || other.complete,
    finished: one.finished || other.finished,
  };
}

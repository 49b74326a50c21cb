import type { Parting, Progress, Status } from '../../core/wire/status.ts';
import { isSameParting } from './parting.ts';
import { RetryPace } from './retry-pace.ts';

const RETRY_US = 200_000;
const RETRY_US_MAX = 1_600_000;
/** A parting that was not repeated for this long counts no more, unless its sender has finished. */
const PARTING_US = 1_000_000;
const OFFER_US_MAX = PARTING_US / 2;
/** While nothing moves, members that were silent for this long are asked for a word, at this interval. */
const PROBE_US = 500_000;
const PROBE_US_MAX = 2_000_000;
const NOTHING: Progress = { sentAll: false, complete: false, finished: false };

function same(one: Progress, other: Progress): boolean {
  return (
    one.sentAll === other.sentAll &&
    one.complete === other.complete &&
    one.finished === other.finished
  );
}

/** What another member said in its newest status; mutable, because it changes with each. */
interface Heard {
  progress: Progress;
  /** What it said that it knows of this member. */
  known: Progress;
  parting: Parting | null;
  partingAt: number;
  /** The packet number of that status. */
  packet: number;
}

/**
 * The end of a run by knowledge: each member tells every other how far it is, until that one has
 * answered that it knows. Lost, repeated and reordered statuses do no harm, because a status tells all, and a
 * newer one replaces all older ones. A parting counts only while it is repeated, as it may be withdrawn. The class
 * is pure: the caller sends `statusFor(member)` to each of `addressees` when `deadline` passes, to the sender of a
 * status for which `hear` says so, and to each of `silent` when it probes.
 */
export class ProgressExchange {
  #own: Progress = NOTHING;
  #parting: Parting | null = null;
  readonly #self: number;
  readonly #others: Heard[];
  /** How many other members have not said that they finished. */
  #unfinished: number;
  /** Whether everybody is told next time, because a parting was made or withdrawn. */
  #tellsAll = false;
  #probedAt = -Infinity;
  readonly #retry = new RetryPace(RETRY_US, RETRY_US_MAX);
  readonly #probe = new RetryPace(PROBE_US, PROBE_US_MAX);
  deadline = Infinity;

  constructor(self: number, size: number) {
    this.#self = self;
    this.#unfinished = size - 1;
    this.#others = Array.from({ length: size }, () => ({
      progress: NOTHING,
      known: NOTHING,
      parting: null,
      partingAt: 0,
      packet: 0,
    }));
  }

  /** How far another member is, as it said. */
  progressOf(member: number): Progress {
    return this.#others[member]!.progress;
  }

  /** How another member would part, or has parted; `null` when it does not say so any more. */
  partingOf(now: number, member: number): Parting | null {
    const { progress, parting, partingAt } = this.#others[member]!;
    return progress.finished || now < partingAt + PARTING_US ? parting : null;
  }

  /** Notes a fact about this member; it is told at once. */
  declare(now: number, fact: 'sentAll' | 'complete'): void {
    if (!this.#own[fact]) this.#tell(now, { ...this.#own, [fact]: true });
  }

  /**
   * Notes that this member has ended. One whose ordering takes part no more withdraws what it may have said, that it has
   * everything: the others would wait for its answers until the run's deadline.
   */
  finish(now: number, complete: boolean): void {
    this.#tell(now, { ...this.#own, complete, finished: true });
  }

  /** Notes how this member would part, or that it would not; a change is told at once. */
  offer(now: number, parting: Parting | null): void {
    if (isSameParting(parting, this.#parting)) return;
    this.#parting = parting;
    this.#tellsAll = true;
    this.deadline = now;
  }

  /** Returns whether `from` wants an answer. `packet` is the number of its datagram. */
  hear(now: number, from: number, packet: number, status: Status): boolean {
    const heard = this.#others[from]!;
    if (packet > heard.packet) {
      if (status.own.finished && !heard.progress.finished) this.#unfinished -= 1;
      heard.packet = packet;
      heard.progress = status.own;
      heard.known = status.heard;
      heard.parting = status.parting;
      heard.partingAt = now;
    }
    if (this.addressees.length === 0) this.deadline = Infinity;
    return status.asks;
  }

  statusFor(member: number, isProbe = false): Status {
    const { progress, known } = this.#others[member]!;
    return {
      own: this.#own,
      heard: progress,
      asks: isProbe || !same(this.#own, known),
      parting: this.#parting,
    };
  }

  /** The other members of which it is not known that they know all about this one. */
  get unaware(): number[] {
    return this.#othersWhere(({ known }) => !same(this.#own, known));
  }

  /** The members to tell next, when `deadline` comes. */
  get addressees(): number[] {
    return this.#isOffering || this.#tellsAll
      ? this.#othersWhere(({ known }) => !known.finished || !same(this.#own, known))
      : this.unaware;
  }

  /** Whether all other members have said that they finished. */
  get allFinished(): boolean {
    return this.#unfinished === 0;
  }

  /** When to ask silent members for a word again, in a run in which nothing moves. */
  get probeAt(): number {
    return this.#probedAt + this.#probe.us;
  }

  /** The members that have not finished, and were not heard for PROBE_US: each is to be asked. */
  silent(now: number, heardAt: readonly number[]): number[] {
    return this.#othersWhere(
      ({ progress }, member) => !progress.finished && heardAt[member]! + PROBE_US <= now,
    );
  }

  /** Notes that `count` silent members were asked. */
  probed(now: number, count: number): void {
    this.#probedAt = now;
    this.#probe.asked(count);
  }

  /** Notes that the statuses of this round were sent. */
  retried(now: number): void {
    this.#tellsAll = false;
    this.#retry.asked(this.unaware.length);
    // An offer holds only while it is repeated.
    const waitUs = this.#isOffering ? Math.min(this.#retry.us, OFFER_US_MAX) : this.#retry.us;
    this.deadline = this.addressees.length === 0 ? Infinity : now + waitUs;
  }

  #tell(now: number, own: Progress): void {
    this.#own = own;
    this.#retry.begin();
    this.deadline = now;
  }

  get #isOffering(): boolean {
    return this.#parting !== null && !this.#own.finished;
  }

  #othersWhere(wanted: (heard: Heard, member: number) => boolean): number[] {
    const members: number[] = [];
    for (const [member, heard] of this.#others.entries()) {
      if (member !== this.#self && wanted(heard, member)) members.push(member);
    }
    return members;
  }
}

import { grown } from '../../../core/base/grown.ts';

/** Stands for the step that there is none of. */
export const NO_STEP = -1;

const STEPS_AT_FIRST = 64;

/**
 * What happened before what among the steps of a chosen run (Lamport 1978), as vector clocks (Mattern 1989):
 * a step comes after the one before it at the same member, and an arrival after the step that sent the packet.
 * Two steps of different members of which neither comes before the other can change places, and no member
 * would notice: they are independent.
 */
export class Causality {
  readonly #peers: number;
  /** By step: its member, the step before it at that member, and the step of another one that made it possible. */
  readonly #members: number[] = [];
  readonly #previous: number[] = [];
  readonly #causes: number[] = [];
  /** By step, a vector of `peers` numbers: how many steps of each member it comes after or is. */
  #vectors: Uint16Array<ArrayBuffer>;
  /** By member, its last step. */
  readonly #last: Int32Array;

  constructor(peers: number) {
    this.#peers = peers;
    this.#vectors = new Uint16Array(STEPS_AT_FIRST * peers);
    this.#last = new Int32Array(peers).fill(NO_STEP);
  }

  get length(): number {
    return this.#members.length;
  }

  /** Takes in the next step: at `member`, made possible by step `cause`, unless that is `NO_STEP`. */
  push(member: number, cause: number): void {
    const step = this.length;
    const previous = this.#last[member]!;
    const vectors = this.#roomFor(step);
    const begin = step * this.#peers;
    for (let each = 0; each < this.#peers; each += 1) {
      const before = previous < 0 ? 0 : vectors[previous * this.#peers + each]!;
      const sent = cause < 0 ? 0 : vectors[cause * this.#peers + each]!;
      vectors[begin + each] = Math.max(before, sent);
    }
    vectors[begin + member]! += 1;
    this.#members.push(member);
    this.#previous.push(previous);
    this.#causes.push(cause);
    this.#last[member] = step;
  }

  /** Forgets the steps from number `length` on. */
  cut(length: number): void {
    while (this.length > length) {
      this.#last[this.#members.pop()!] = this.#previous.pop()!;
      this.#causes.pop();
    }
  }

  memberOf(step: number): number {
    return this.#members[step]!;
  }

  /** The last step of `member`. */
  lastOf(member: number): number {
    return this.#last[member]!;
  }

  /** The step before `step` at the same member. */
  previousOf(step: number): number {
    return this.#previous[step]!;
  }

  /** The step of another member without which `step` would not be possible. */
  causeOf(step: number): number {
    return this.#causes[step]!;
  }

  /** By step of `member`, a vector: how many steps of each member it comes after or is. */
  vectorsOf(member: number): Uint16Array[] {
    const vectors: Uint16Array[] = [];
    for (const [step, each] of this.#members.entries()) {
      if (each !== member) continue;
      vectors.push(this.#vectors.subarray(step * this.#peers, (step + 1) * this.#peers));
    }
    return vectors;
  }

  /** How many steps of `member` step `step` comes after or is. */
  countBefore(step: number, member: number): number {
    return this.#vectors[step * this.#peers + member]!;
  }

  /** Whether step `earlier` happened before step `later`, or is it. */
  isBefore(earlier: number, later: number): boolean {
    const member = this.#members[earlier]!;
    return this.countBefore(earlier, member) <= this.countBefore(later, member);
  }

  /**
   * The steps after `before` that did not happen after it, without those that happened after another one of
   * them (initials, in the words of Abdulla et al.).
   */
  initialsAfter(before: number): number[] {
    const initials: number[] = [];
    for (let step = before + 1; step < this.length; step += 1) {
      // What led to a step that did not happen after `before` did not happen after it either.
      const isFirst = this.#previous[step]! < before && this.#causes[step]! < before;
      if (isFirst && !this.isBefore(before, step)) initials.push(step);
    }
    return initials;
  }

  #roomFor(step: number): Uint16Array<ArrayBuffer> {
    if ((step + 1) * this.#peers > this.#vectors.length) {
      this.#vectors = grown(this.#vectors, 2 * this.#vectors.length);
    }
    return this.#vectors;
  }
}

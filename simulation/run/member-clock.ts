import type { Fault } from '../scenario.ts';
import type { MemberTime } from './world.ts';

/** What a member reads as the time: true time, or what its skewed clock makes of it. */
export class MemberClock implements MemberTime {
  readonly isSkewed: boolean;
  readonly #rate: number;
  readonly #offsetUs: number;

  constructor(member: number, faults: readonly Fault[]) {
    const skew = faults.find((fault) => fault.kind === 'clockSkew' && fault.member === member);
    const [rate, offsetUs] = skew?.kind === 'clockSkew' ? [skew.rate, skew.offsetUs] : [1, 0];
    this.isSkewed = rate !== 1 || offsetUs !== 0;
    this.#rate = rate;
    this.#offsetUs = offsetUs;
  }

  /** The clock's reading at a true time; both are whole microseconds. */
  read(trueUs: number): number {
    return this.isSkewed ? Math.floor(trueUs * this.#rate) + this.#offsetUs : trueUs;
  }

  /** The first true time, 0 or later, at which the clock reads `localUs` or more. */
  whenItReads(localUs: number): number {
    if (!this.isSkewed) return Math.max(0, Math.ceil(localUs));
    let trueUs = Math.max(0, Math.ceil((localUs - this.#offsetUs) / this.#rate));
    // The quotient is rounded: it may be one too early.
    if (this.read(trueUs) < localUs) trueUs += 1;
    return trueUs;
  }
}

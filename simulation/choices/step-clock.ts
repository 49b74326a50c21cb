import type { MemberTime } from '../run/world.ts';

/** How much true time passes in a step, for pictures and stories of the run. */
export const STEP_US = 1_000;

/** The number of the step that happened at `atUs` of true time, counted from 1. */
export function stepAt(atUs: number): number {
  return atUs / STEP_US + 1;
}

/**
 * The clock of one member of a chosen run. It stands still until the member's own deadline is chosen, and
 * jumps to it then. Members' clocks have nothing to do with each other, and nothing with the number of steps
 * taken: in an asynchronous system any of them may be slow, so that every order in which deadlines are chosen
 * is one that could have happened. A deadline that passes on no clock is also how a member is paused.
 */
export class StepClock implements MemberTime {
  #localUs = 0;

  read(): number {
    return this.#localUs;
  }

  /** A deadline has no true time of its own here; whoever chooses decides when it has come. */
  whenItReads(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  jumpTo(localUs: number): void {
    this.#localUs = Math.max(this.#localUs, Math.ceil(localUs));
  }
}

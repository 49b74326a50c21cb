import type { Choice } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { nextDeadline } from './kind-step.ts';

/** How many timers of each member go off, on an average, before what did not come counts as missing for ever. */
export const TIMERS_EACH_MIN = 100;
/** And how far clocks go meanwhile: by more than the time after which a lost packet is sent again. */
export const TIMERS_US_MIN = 5_000_000;
/** No more of each member go off, even if clocks hardly move. */
const TIMERS_EACH_MAX = 2_000;

/**
 * The timers of a run that is at rest, one after the other, the earliest first, until they had their time. A token may
 * go round hundreds of times before the packet that somebody waits for is sent again: counting alone is not enough.
 */
export class LastTimers {
  readonly #run: ChosenRun;
  readonly #untilUs: number;
  /** How many went off. */
  count = 0;

  constructor(run: ChosenRun) {
    this.#run = run;
    const clocks = [...run.members.keys()].map((member) => run.clockOf(member).read(0));
    this.#untilUs = Math.max(...clocks) + TIMERS_US_MIN;
  }

  /** The next one; `null` when none is left, or they had their time. */
  next(): Choice | null {
    const { length } = this.#run.members;
    const next = nextDeadline(this.#run);
    if (next?.act !== 'fire' || this.count >= TIMERS_EACH_MAX * length) return null;
    const isLate = this.#run.deadlineOf(next.member) > this.#untilUs;
    if (isLate && this.count >= TIMERS_EACH_MIN * length) return null;
    this.count += 1;
    return next;
  }
}

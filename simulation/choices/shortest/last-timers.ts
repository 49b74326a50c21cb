import type { Choice } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';

/** How many timers of each member go off, on an average, before what did not come counts as missing for ever. */
export const TIMERS_EACH_MIN = 100;
/** And how far clocks go meanwhile: by more than the time after which a lost packet is sent again. */
export const TIMERS_US_MIN = 5_000_000;
/** No more of each member go off, even if clocks hardly move. */
const TIMERS_EACH_MAX = 2_000;

/**
 * The timers of a run that is at rest, one after the other, the earliest first, until they had their time. A token may
 * go round hundreds of times before the packet that somebody waits for is sent again: counting alone is not enough.
 *
 * From here on all clocks go equally fast, whatever they read: a member that was late is ahead of the others by a minute,
 * and no timer of theirs has to go off first for that.
 */
export class LastTimers {
  readonly #run: ChosenRun;
  /** What the clock of each member read when the run came to rest. */
  readonly #beganUs: readonly number[];
  /** How many went off. */
  count = 0;

  constructor(run: ChosenRun) {
    this.#run = run;
    this.#beganUs = [...run.members.keys()].map((member) => run.clockOf(member).read(0));
  }

  /** The next one; `null` when none is left, or they had their time. */
  next(): Choice | null {
    const { length } = this.#run.members;
    const member = this.#earliest();
    if (member === null || this.count >= TIMERS_EACH_MAX * length) return null;
    const isLate = this.#waitUs(member) > TIMERS_US_MIN;
    if (isLate && this.count >= TIMERS_EACH_MIN * length) return null;
    this.count += 1;
    return { act: 'fire', member };
  }

  #earliest(): number | null {
    const due = [...this.#run.members.keys()].filter((member) =>
      this.#run.allows({ act: 'fire', member }),
    );
    if (due.length === 0) return null;
    return due.reduce((a, b) => (this.#waitUs(b) < this.#waitUs(a) ? b : a));
  }

  /** How long after the run came to rest the timer of `member` is due. */
  #waitUs(member: number): number {
    return this.#run.deadlineOf(member) - this.#beganUs[member]!;
  }
}

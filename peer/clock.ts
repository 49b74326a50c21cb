/** The longest time that a Node timer can wait. */
const TIMER_MS_MAX = 2_147_483_647;

/** What a member of a run knows of time, handed in so that a test can make hours of it pass at once. */
export interface Clock {
  /** Whole microseconds of a clock that never goes back. */
  readonly monotonicUs: () => number;
  /**
   * Milliseconds since 1970, as in a run's plan. The machine's clock may be set to another time
   * meanwhile.
   */
  readonly wallMs: () => number;
  /** Whole microseconds for which the thread that runs the members had a processor. */
  readonly processorUs: () => number;
  /**
   * Calls `wake` once, `delayMs` (0 or more) from now or later, and returns a function that calls it
   * off. A time too long for a timer ends early: the caller looks at the time again anyway.
   */
  readonly after: (delayMs: number, wake: () => void) => () => void;
  /** Calls `work` once all datagrams that have come by now are handed on. */
  readonly soon: (work: () => void) => void;
}

/** The time of the machine. */
export const systemClock: Clock = {
  monotonicUs: () => Math.floor(performance.now() * 1_000),
  wallMs: Date.now,
  processorUs: () => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  },
  after: (delayMs, wake) => {
    const timer = setTimeout(wake, Math.min(delayMs, TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
  // Node takes up to 32 datagrams from a socket before its loop goes on to what was set immediate.
  soon: (work) => void setImmediate(work),
};

/** Resolves after `delayMs`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}

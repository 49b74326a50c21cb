import { createStream, Stream } from '../../core/base/random-streams.ts';

/** What may be assumed of the timers of a log that does not have them. */
export interface TimerLateness {
  /** A timer that nothing tells of goes off before events that are at least this much after its time. */
  readonly slackUs: () => number;
  /**
   * A timer whose effects the log shows goes off when these happened, and not at the time for which it was
   * set.
   */
  readonly isSeenLate: boolean;
}

/** The latenesses that are tried. On a real machine every timer has a lateness of its own. */
const SLACKS_US = [0, 200, 500, 1_000, 2_000, 4_000, 8_000, 20_000, Infinity];
/** How many mixtures of these are tried where none of them explains all of a run. */
const MIXTURES = 100;

/** The assumptions, in the order in which they are tried: the first with which all of a log is explained counts. */
export function timerLatenesses(): TimerLateness[] {
  const fixed = SLACKS_US.map((slackUs) => () => slackUs);
  const mixed = Array.from({ length: MIXTURES }, (_, seed) => {
    const random = createStream(seed, Stream.lateness);
    return () => SLACKS_US[Math.floor(random() * SLACKS_US.length)]!;
  });
  return [...fixed, ...mixed].flatMap((slackUs) => [
    { slackUs, isSeenLate: true },
    { slackUs, isSeenLate: false },
  ]);
}

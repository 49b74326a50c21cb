/** How often the watching thread looks. */
export const LOOK_PERIOD_MS = 250;

/**
 * How long a call takes that counts as one that does not come back. The others take a member for gone that is silent for
 * four seconds (SILENCE_US_MIN in ending.ts), and the run is closed two seconds after their reports (LATE_REPORT_MS in
 * control/runs/lost-members.ts): what the member delivered must be in the store before that.
 */
export const STUCK_MS = 3_000;

/**
 * How much processor time the process must have had meanwhile: where a machine has too much to do, a call takes long
 * that computes little.
 */
const STUCK_PROCESSOR_MS = 500;

/** After this time a call counts as one that does not come back although it computes nothing: it waits for something. */
const WAITING_MS = 10_000;

/** Tells from the looks of another thread whether a call does not come back. */
export class StuckCalls {
  #seen = -1;
  #lookedAtMs = -Infinity;
  #processorFromMs = 0;
  /** For how long the call has been seen to be under way. */
  seenMs = 0;

  /**
   * A look at the count of calls (CallNotes), with a reading of a clock that never goes back and the processor time of
   * the process. The result is whether the call under way does not come back. A look that is late counts as one or two
   * periods: the whole process was stopped meanwhile, or its machine had no time for it.
   */
  look(count: number, nowMs: number, processorMs: number): boolean {
    const sinceMs = Math.min(nowMs - this.#lookedAtMs, 2 * LOOK_PERIOD_MS);
    this.#lookedAtMs = nowMs;
    if (count !== this.#seen) {
      this.#seen = count;
      this.seenMs = 0;
      this.#processorFromMs = processorMs;
      return false;
    }
    this.seenMs += sinceMs;
    if (count % 2 === 0) return false;
    if (this.seenMs >= WAITING_MS) return true;
    return this.seenMs >= STUCK_MS && processorMs - this.#processorFromMs >= STUCK_PROCESSOR_MS;
  }
}

/** Why a member failed whose ordering did not come back from a call for `seenMs`. */
export function describeStuck(call: string, seenMs: number): string {
  return (
    `the ordering did not come back from ${call} within ${Math.floor(seenMs / 1_000)} s: it seems to loop without an ` +
    'end. npx mpcomm check FILE finds the shortest schedule in which it hangs, where it is a short one'
  );
}

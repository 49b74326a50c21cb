/** Where a member of a chosen run crashes. */
export interface CrashPoint {
  readonly member: number;
  /** How many of its steps (multicasts, arrivals, deadlines) come before the crash. */
  readonly steps: number;
  /**
   * How many packets it sends in its next step before it crashes in the middle of it; `null`: it crashes
   * before that step.
   */
  readonly sends: number | null;
}

/**
 * Losses and crashes that are decided on before a run begins. A packet has the same name in every run in which its
 * sender has seen the same, and a member's steps are counted at the member: so whether a fate comes true does not
 * depend on how steps of different members are mixed, and a search need not know of fates.
 */
export interface Fates {
  /** Names of packets that are lost as they are sent. */
  readonly losses: readonly string[];
  /** At most one a member. */
  readonly crashes: readonly CrashPoint[];
}

export const NO_FATES: Fates = { losses: [], crashes: [] };

export function countFates({ losses, crashes }: Fates): number {
  return losses.length + crashes.length;
}

/**
 * How late a member is tried to be, in microseconds of its clock: by more than most timeouts, and by more than all of
 * them. A member that is neither is one whose timer goes off on time, or whose next step comes before that.
 */
export const LATENESSES_US: readonly number[] = [1_000_000, 60_000_000];

/**
 * What the clock of a member reads at a step that comes `lateUs` too late: after its deadline, or after its last step
 * where it has none (`Infinity`) or missed it already. `nowUs`: what the clock reads until then.
 */
export function lateAtUs(nowUs: number, deadlineUs: number, lateUs: number): number {
  const dueUs = deadlineUs === Infinity ? nowUs : Math.max(nowUs, Math.ceil(deadlineUs));
  return dueUs + lateUs;
}

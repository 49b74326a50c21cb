import type { CrashPoint } from './fates.ts';

/** Where the members of a chosen run are to crash, as far as that is decided. */
export class CrashPoints {
  /** The fate of each member. */
  readonly #points: ReadonlyMap<number, CrashPoint>;

  constructor(points: readonly CrashPoint[]) {
    this.#points = new Map(points.map((point) => [point.member, point]));
  }

  /** How many packets `member` sends in its step number `step` before it crashes; -1: it does not. */
  sendsInStep(member: number, step: number): number {
    const point = this.#points.get(member);
    return point?.steps === step ? (point.sends ?? -1) : -1;
  }

  /** Whether `member` crashes after its first `steps` steps. */
  isDueAfter(member: number, steps: number): boolean {
    const point = this.#points.get(member);
    return point !== undefined && point.sends === null && point.steps === steps;
  }
}

import type { Scope } from './scope.ts';

/** Bounds on timers and lateness that are wider than those of a scope: by how many timers, and how often late. */
const DEEPER = [
  { timers: 0, lates: 1 },
  { timers: 1, lates: 0 },
  { timers: 1, lates: 1 },
  { timers: 2, lates: 0 },
  { timers: 3, lates: 0 },
  { timers: 3, lates: 1 },
] as const;
/**
 * What schedules that are drawn at random may have. A timeout is often counted in timers, such as four heartbeats that
 * did not come; what needs more than ten is mostly a matter of time, for which being late once by a minute will do.
 */
const DRAWN = { timers: 10, lates: 1 } as const;

/** A scope that was searched to its end, and whether timers were left at the end of some schedule. */
export interface SearchedScope {
  readonly scope: Scope;
  readonly tally: { readonly withTimersLeft: number };
}

/**
 * The same scopes with more timers and with members that are late, for a search that goes on where there is time: those
 * with the fewest more come first. Where no timer was left in any schedule, more of them would add none.
 */
export function deeperScopes(searched: readonly SearchedScope[]): Scope[] {
  return DEEPER.flatMap(({ timers, lates }) =>
    searched
      .filter(({ tally }) => timers === 0 || tally.withTimersLeft > 0)
      .map(({ scope }) => ({ ...scope, timers: scope.timers + timers, lates })),
  );
}

/** Whether a scope has more timers, or members that are late more often, than another; faults and messages apart. */
export function isDeeperThan({ timers, lates = 0 }: Scope, other: Scope): boolean {
  return timers > other.timers || lates > (other.lates ?? 0);
}

/** A scope with as many timers, and members as late, as schedules that are drawn beyond it may have. */
export function drawnBeyond(scope: Scope): Scope {
  const { timers, lates } = DRAWN;
  return {
    ...scope,
    timers: Math.max(timers, scope.timers),
    lates: Math.max(lates, scope.lates ?? 0),
  };
}

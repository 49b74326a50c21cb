import type { Report } from '../documents.ts';

/** A member is behind its plan when it took longer by this share of it, and by this much. */
const BEHIND_SHARE = 0.1;
const BEHIND_MS = 100;

/** Tells of a member that could not multicast as often as the run asked: what is measured is another load. */
export function describePace(pace: Report['pace'], name: string): string[] {
  const { plannedMs, behindMs } = pace ?? { plannedMs: 0, behindMs: 0 };
  // Without an interval a member multicasts as fast as it goes, and nothing is planned.
  if (plannedMs === 0 || behindMs < Math.max(BEHIND_MS, BEHIND_SHARE * plannedMs)) return [];
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return [
    `${name} did not reach the offered load: it was to multicast its messages within ${seconds(plannedMs)}, ` +
      `and took ${seconds(plannedMs + behindMs)}, because it stood still or had no room for more`,
  ];
}

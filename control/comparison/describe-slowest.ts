import type { Report } from '../documents.ts';

/** What is read of a report. */
interface Measured extends Pick<Report, 'durationMs'> {
  readonly counters: Pick<Report['counters'], 'busyMs'>;
}

/** A member is slow if it was busy for this long at least, and for this share of its run. */
const BUSY_MS_MIN = 1_000;
const BUSY_SHARE_MIN = 0.5;
/** The slowest member is told from others that were busy for no more than this share of its time. */
const OTHERS_SHARE_MAX = 0.5;

/**
 * Names the member for which the others may have waited: it was busy with messages through much of the run,
 * and all others had time. Says nothing where several were as busy: then the load was too much for
 * the group, and nobody in particular was slow. `reports` holds `null` for a member without one.
 */
export function describeSlowest(
  reports: readonly (Measured | null)[],
  nameOf: (peer: number) => string,
): string[] {
  const busyMs = reports.map((report) => report?.counters.busyMs ?? 0);
  const slowest = busyMs.indexOf(Math.max(...busyMs));
  const busy = busyMs[slowest] ?? 0;
  const durationMs = reports[slowest]?.durationMs ?? 0;
  if (busy < Math.max(BUSY_MS_MIN, BUSY_SHARE_MIN * durationMs)) return [];
  const next = Math.max(0, ...busyMs.filter((_, peer) => peer !== slowest));
  if (next > OTHERS_SHARE_MAX * busy) return [];
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return [
    `${nameOf(slowest)} was slower than the others: it was busy with messages for ${seconds(Math.min(busy, durationMs))} of ` +
      `${seconds(durationMs)}, and no other member for more than ${seconds(next)}`,
  ];
}

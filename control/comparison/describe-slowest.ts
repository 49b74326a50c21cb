import type { Report } from '../documents.ts';

/** What is read of a report. */
interface Measured extends Pick<Report, 'durationMs'> {
  readonly counters: Pick<Report['counters'], 'busyMs' | 'standstillMs'>;
}

/** A member is slow if it was busy or at a standstill for this long at least, and for this share of its run. */
const SLOW_MS_MIN = 1_000;
const SLOW_SHARE_MIN = 0.5;
/** The slowest member is told from others that were for no more than this share of its time. */
const OTHERS_SHARE_MAX = 0.5;
/** What took less than this share of its time is not worth saying. */
const SAID_SHARE_MIN = 0.1;

/**
 * Names the member for which the others may have waited: through much of the run it was busy with messages, or its
 * process was not run, and all others had time. Says nothing where several were as slow: then the load was too
 * much for the group or for the machine that it shares, and nobody in particular was slow. `reports` holds
 * `null` for a member without one.
 */
export function describeSlowest(
  reports: readonly (Measured | null)[],
  nameOf: (peer: number) => string,
): string[] {
  const slowMs = reports.map((report) => (report === null ? 0 : slowMsOf(report)));
  const slow = Math.max(0, ...slowMs);
  const slowest = slowMs.indexOf(slow);
  const report = reports[slowest];
  if (!report || slow < Math.max(SLOW_MS_MIN, SLOW_SHARE_MIN * report.durationMs)) return [];
  const next = Math.max(0, ...slowMs.filter((_, peer) => peer !== slowest));
  if (next > OTHERS_SHARE_MAX * slow) return [];
  return [
    `${nameOf(slowest)} was slower than the others: it was ${howSlow(report)} of ` +
      `${seconds(report.durationMs)}, and no other member for more than ${seconds(next)}`,
  ];
}

function slowMsOf({ counters: { busyMs = 0, standstillMs = 0 } }: Measured): number {
  return busyMs + standstillMs;
}

function howSlow(report: Measured): string {
  const { durationMs, counters } = report;
  const { busyMs = 0, standstillMs = 0 } = counters;
  const least = SAID_SHARE_MIN * slowMsOf(report);
  const busy = `busy with messages for ${seconds(Math.min(busyMs, durationMs))}`;
  const stopped = `not run for ${seconds(Math.min(standstillMs, durationMs))}`;
  if (standstillMs < least) return busy;
  return busyMs < least ? stopped : `${busy}, and ${stopped},`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

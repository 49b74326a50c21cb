import type { Report } from '../documents.ts';

/** What is read of a report. */
interface Measured extends Pick<Report, 'durationMs'> {
  readonly counters: Pick<Report['counters'], 'busyMs' | 'standstillMs' | 'standstillMsMax'>;
}

/** A member is slow if it was busy or at a standstill for this long at least, and for this share of its run. */
const SLOW_MS_MIN = 1_000;
const SLOW_SHARE_MIN = 0.5;
/** The slowest member is told from others that were for no more than this share of its time. */
const OTHERS_SHARE_MAX = 0.5;
/** What took less than this share of its time is not worth saying. */
const SAID_SHARE_MIN = 0.1;
/** A standstill shorter than this is not worth saying either: a machine that is busy does it to everybody. */
const STANDSTILL_MS_MIN = 1_000;

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
  const slowest = slowestOf(reports);
  if (slowest === null) return [];
  const { peer, report, nextMs } = slowest;
  return [
    `${nameOf(peer)} was slower than the others: it was ${howSlow(report)} of ` +
      `${seconds(runMsOf(report))}, and no other member for more than ${seconds(nextMs)}`,
  ];
}

/**
 * Names the members whose process stood still for a while, in all or at a time, twice as long as at least half of the
 * others': what they were to deliver, and often everybody, waited for them. On a machine with too few processors for
 * its members all stand still for long in all, but nobody does for a second at a time. Leaves out the member that
 * `describeSlowest` names.
 */
export function describeStandstills(
  reports: readonly (Measured | null)[],
  nameOf: (peer: number) => string,
): string[] {
  const inAllMs = reports.map((report) => report?.counters.standstillMs ?? 0);
  const longestMs = reports.map((report) => report?.counters.standstillMsMax ?? 0);
  const slowest = slowestOf(reports)?.peer;
  return inAllMs.flatMap((ms, peer) => {
    const hasLongest = isOutstanding(longestMs, peer);
    if (peer === slowest || (!hasLongest && !isOutstanding(inAllMs, peer))) return [];
    const ofThat =
      hasLongest && seconds(longestMs[peer]!) !== seconds(ms)
        ? `, ${seconds(longestMs[peer]!)} of that at a stretch`
        : '';
    return [
      `${nameOf(peer)} was not run for ${seconds(ms)} in all${ofThat}: its process was stopped, or others had its processor`,
    ];
  });
}

/** Whether a member stood still for twice as long as at least half of the others. */
function isOutstanding(standstillMs: readonly number[], peer: number): boolean {
  const ms = standstillMs[peer]!;
  const calm = standstillMs.filter((other) => other <= OTHERS_SHARE_MAX * ms).length;
  return ms >= STANDSTILL_MS_MIN && 2 * calm >= standstillMs.length - 1;
}

/** The member that `describeSlowest` names, its report, and how long the next slowest was slow; `null` for nobody. */
function slowestOf(
  reports: readonly (Measured | null)[],
): { peer: number; report: Measured; nextMs: number } | null {
  const slowMs = reports.map((report) => (report === null ? 0 : slowMsOf(report)));
  const slow = Math.max(0, ...slowMs);
  const peer = slowMs.indexOf(slow);
  const report = reports[peer];
  if (!report || slow < Math.max(SLOW_MS_MIN, SLOW_SHARE_MIN * runMsOf(report))) return null;
  const nextMs = Math.max(0, ...slowMs.filter((_, other) => other !== peer));
  return nextMs > OTHERS_SHARE_MAX * slow ? null : { peer, report, nextMs };
}

function slowMsOf({ counters: { busyMs = 0, standstillMs = 0 } }: Measured): number {
  return busyMs + standstillMs;
}

/** How long a member's run took: until its last delivery, or beyond that, as long as it stood still. */
function runMsOf({ durationMs, counters }: Measured): number {
  return Math.max(durationMs, counters.standstillMs ?? 0);
}

function howSlow(report: Measured): string {
  const { busyMs = 0, standstillMs = 0 } = report.counters;
  const least = SAID_SHARE_MIN * slowMsOf(report);
  const stopped = `not run for ${seconds(standstillMs)}`;
  // A member that is stopped while it is busy may be both by its own clock.
  const busy = `busy with messages for ${seconds(Math.min(busyMs, runMsOf(report) - standstillMs))}`;
  if (standstillMs < least) return busy;
  return busyMs < least ? stopped : `${busy}, and ${stopped},`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

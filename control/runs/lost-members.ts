import type { PlannedMember, RunPlan } from '../command.ts';
import type { ReadReports } from '../comparison/read-reports.ts';
import type { RegistryEntry } from '../documents.ts';
import { HEARTBEAT_MS, LIVE_MS } from '../limits.ts';

/** Two halves of a divided group name each other missing, and report within this time of each other. */
const LATE_REPORT_MS = 2_000;
/**
 * Where a minority ended without a majority, the majority may report later, as it has to agree first
 * and may go on for a while.
 */
const LATE_MAJORITY_MS = 10_000;

/**
 * How long a caller has to know that the store answers before a silent registry means anything: a store that
 * was unreachable kept out everybody's heartbeats and reports, and the next ones come first.
 */
export const WATCH_MS = HEARTBEAT_MS + LATE_REPORT_MS;

/** How far a member's clock may be ahead of this one. */
const CLOCKS_DIFFER_MS_MAX = 1_000;

/** The members whose report was neither accepted nor rejected. */
export function membersAwaited(
  plan: RunPlan,
  { accepted, rejected }: ReadReports,
): PlannedMember[] {
  return plan.members.filter(({ peerId }) => !accepted.has(peerId) && !rejected.has(peerId));
}

/**
 * From when on (milliseconds since 1970) no report of any of `awaited` is to be expected, as far as is
 * known now; `Infinity` while one of them may just be late. So a peer that died does not cost the whole
 * deadline.
 *
 * A member is lost by the word of the others, when they all missed it. Or it is lost by the registry,
 * when that has another daemon of its name, or had no heartbeat of it for as long as peers count as
 * live. The others cannot know that a member died after its last message, since they have everything.
 * `registry` has the entries of those members, by peer id, as far as there are any; the store is known to have
 * answered since `answersSinceMs`, and just now. What was read of it cannot tell that: after an outage, the heartbeats of
 * peers that are well are as old as those of dead ones.
 */
export function lostAtMs(
  plan: RunPlan,
  reports: ReadReports,
  awaited: readonly PlannedMember[],
  registry: ReadonlyMap<string, RegistryEntry>,
  answersSinceMs: number,
): number {
  const newestMs = newestReportMs(reports);
  const isMajorityAwaited = 2 * awaited.length > plan.members.length;
  const lateMs = isMajorityAwaited ? LATE_MAJORITY_MS : LATE_REPORT_MS;
  const times = awaited.map((member) =>
    Math.min(
      missedAtMs(plan, reports, member, newestMs + lateMs),
      unregisteredAtMs(member, registry.get(member.peerId), newestMs, answersSinceMs),
    ),
  );
  return Math.max(...times);
}

/** When the newest report was created; `-Infinity` without one. */
function newestReportMs({ accepted }: ReadReports): number {
  return Math.max(...[...accepted.values()].map(({ createdAtUs }) => createdAtUs / 1_000));
}

/** When a member is lost by the word of all members that know how the run ended. */
function missedAtMs(
  plan: RunPlan,
  { accepted }: ReadReports,
  { peerId }: PlannedMember,
  lateAtMs: number,
): number {
  const informed = [...accepted.values()]
    .map(({ report }) => report)
    .filter(({ outcome }) => outcome !== 'abandoned' && outcome !== 'failed');
  if (informed.length === 0) return Infinity;
  if (!informed.every(({ missing }) => missing.includes(peerId))) return Infinity;
  const isHandshake = informed.every(({ outcome }) => outcome === 'handshake');
  // No handshake has failed before the time to join is over, whatever somebody says. After that time, a
  // member that never answered it has nothing to report, and any other may just be late.
  return isHandshake ? plan.joinByMs - CLOCKS_DIFFER_MS_MAX : lateAtMs;
}

/**
 * When a member is lost by the registry. A daemon that took its leave is reporting, and its process has ended before it
 * would have stopped counting as live (STOP_MS_MAX in peer/main.ts).
 */
function unregisteredAtMs(
  { incarnation }: PlannedMember,
  entry: RegistryEntry | undefined,
  newestMs: number,
  answersSinceMs: number,
): number {
  if (entry === undefined) return Infinity;
  if (entry.incarnation !== incarnation) {
    return Math.max(entry.startedAtMs, newestMs) + LATE_REPORT_MS;
  }
  const { heartbeatAtMs, leftAtMs = heartbeatAtMs } = entry;
  // An older daemon did not say when it left.
  if (leftAtMs === 0) return Infinity;
  return Math.max(leftAtMs + LIVE_MS, Math.max(answersSinceMs, newestMs) + WATCH_MS);
}

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
 * `registry` has the entries of those members, by peer id, as far as there are any.
 */
export function lostAtMs(
  plan: RunPlan,
  reports: ReadReports,
  awaited: readonly PlannedMember[],
  registry: ReadonlyMap<string, RegistryEntry>,
): number {
  const newestMs = newestReportMs(reports);
  const isMajorityAwaited = 2 * awaited.length > plan.members.length;
  const lateMs = isMajorityAwaited ? LATE_MAJORITY_MS : LATE_REPORT_MS;
  const times = awaited.map((member) =>
    Math.min(
      missedAtMs(plan, reports, member, newestMs + lateMs),
      unregisteredAtMs(plan, member, registry.get(member.peerId), newestMs),
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
 * When a member is lost by the registry. An entry that a daemon took back itself (heartbeat 0) says
 * nothing: that daemon is reporting.
 */
function unregisteredAtMs(
  plan: RunPlan,
  { incarnation }: PlannedMember,
  entry: RegistryEntry | undefined,
  newestMs: number,
): number {
  if (entry === undefined) return Infinity;
  if (entry.incarnation !== incarnation) {
    return Math.max(entry.startedAtMs, newestMs) + LATE_REPORT_MS;
  }
  if (entry.heartbeatAtMs === 0) return Infinity;
  // A store that was unreachable kept out everybody's heartbeats and reports: the next ones come first.
  const storeIsBackMs = Math.max(plan.createdAtMs, newestMs) + HEARTBEAT_MS + LATE_REPORT_MS;
  return Math.max(entry.heartbeatAtMs + LIVE_MS, storeIsBackMs);
}

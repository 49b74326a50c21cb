import { isLive, registeredPeers } from '../../control/runs/choose-members.ts';
import type { RunPlan } from '../../control/command.ts';
import { UPLOAD_GRACE_MS } from '../../control/limits.ts';
import { nameSome } from '../../control/name-some.ts';
import type { RegistryEntry } from '../../control/documents.ts';
import type { Document } from '../../control/ports.ts';
import type { RunProgress } from '../../control/runs/run-state.ts';

/** The time added to the sends: for a handshake before them, and for what is under way to arrive. */
const SLACK_MS = 2_500;

/** Whether the members should have sent everything, by the mean of the intervals between two sends. */
export function isPastSends(
  { createdAtMs, messages, intervalMs }: RunPlan,
  nowMs: number,
): boolean {
  const sendsMs = (messages * (intervalMs.min + intervalMs.max)) / 2;
  return nowMs > createdAtMs + sendsMs + SLACK_MS;
}

/**
 * Whom a run waits for and until when, such as "waiting for peer-2 until 19:03:21"; `null` when everybody has reported.
 * Members that have left the registry or were restarted come before all others, and nobody waits for those: the rest go on
 * without them, if their ordering can. Next are those without a heartbeat of late, which may only be slow. Where nobody has
 * reported and all are there, nobody stands out, and only the time is told.
 */
export function describeWaiting(
  plan: RunPlan,
  { members }: RunProgress,
  registry: readonly Document[],
  nowMs: number,
): string | null {
  const silent = members.filter(({ outcome }) => outcome === null).map(({ peerId }) => peerId);
  if (silent.length === 0) return null;
  const registered = registeredPeers(registry);
  const silentOutOf = (entries: readonly RegistryEntry[]): string[] => {
    const there = new Set(entries.map(({ incarnation }) => incarnation));
    return plan.members.flatMap(({ peerId, incarnation }) => {
      return silent.includes(peerId) && !there.has(incarnation) ? [peerId] : [];
    });
  };
  const until = overBy(plan);
  const gone = silentOutOf(registered);
  if (gone.length > 0) return `without ${nameSome(gone)}, over by ${until} at the latest`;
  const quiet = silentOutOf(registered.filter((entry) => isLive(entry, nowMs)));
  if (quiet.length > 0) return `waiting for ${nameSome(quiet)} until ${until}`;
  return silent.length === members.length
    ? `over by ${until} at the latest`
    : `waiting for ${nameSome(silent)} until ${until}`;
}

/** What becomes of a run when the command that began it is interrupted, and its laboratory stays. */
export function describeLeaving(plan: RunPlan): string {
  return (
    `Run ${plan.runId} goes on without this command. The laboratory is busy with it until its comparison is there, by ` +
    `${overBy(plan)} at the latest; then "npx mpcomm show ${plan.runId}" has it.`
  );
}

/** When a run is closed whatever is missing then. */
function overBy({ deadlineMs }: RunPlan): string {
  return new Date(deadlineMs + UPLOAD_GRACE_MS).toTimeString().slice(0, 8);
}

import type { RegistryEntry } from '../documents.ts';
import { PEER_AHEAD_MS_MAX } from '../limits.ts';
import { PROTOCOL } from '../protocol.ts';
import { isLive } from './choose-members.ts';

/** A message names no more absent peers than these. */
const NAMED_MAX = 8;

/** A peer that has been away for longer was most likely taken away on purpose. */
const AWAY_MS_MAX = 24 * 3_600_000;

/**
 * The registered peers that a run cannot have at time `nowMs`, and why, such as "peer-3 (me-west1-a), silent for 48 s":
 * those that were heard last come first, at most 8 of them. `present` are the ones that it can have.
 */
export function describeAbsent(
  registered: readonly RegistryEntry[],
  present: readonly RegistryEntry[],
  nowMs: number,
): string[] {
  const there = new Set(present.map(({ peerId }) => peerId));
  return registered
    .filter((entry) => !there.has(entry.peerId) && nowMs - lastHeardMs(entry) < AWAY_MS_MAX)
    .sort((one, other) => lastHeardMs(other) - lastHeardMs(one))
    .slice(0, NAMED_MAX)
    .map((entry) => `${entry.peerId} (${entry.zone}), ${describeAbsence(entry, nowMs)}`);
}

function lastHeardMs({ heartbeatAtMs, leftAtMs = heartbeatAtMs }: RegistryEntry): number {
  return leftAtMs;
}

function describeAbsence(entry: RegistryEntry, nowMs: number): string {
  const silentMs = nowMs - lastHeardMs(entry);
  if (isLive(entry, nowMs)) return describeOtherVersion(entry) ?? 'whose port nobody has open';
  if (entry.leftAtMs !== undefined) return `which left ${Math.round(silentMs / 1_000)} s ago`;
  if (silentMs > 0) return `silent for ${Math.round(silentMs / 1_000)} s`;
  const most = `at most ${PEER_AHEAD_MS_MAX / 1_000} s are allowed`;
  return `whose clock is ${Math.round(-silentMs / 1_000)} s ahead (${most})`;
}

/** How a peer's version differs from this program's, such as "of version 7.1, not 7.2"; `null` where it does not. */
export function describeOtherVersion({ protocol }: Pick<RegistryEntry, 'protocol'>): string | null {
  if (protocol === PROTOCOL) return null;
  const version = protocol === undefined ? 'an older version' : `version ${protocol}`;
  return `of ${version}, not ${PROTOCOL}`;
}

import type { PlannedMember } from '../command.ts';
import { registryEntrySchema, type RegistryEntry } from '../documents.ts';
import { LIVE_MS, PEER_AHEAD_MS_MAX } from '../limits.ts';
import type { Document } from '../ports.ts';

/** Why there are no members: fewer live peers than were asked for. */
export interface Shortage {
  readonly members: null;
  /** How many peers are live, and the zone of each. */
  readonly live: number;
  readonly zones: readonly string[];
  /** Zones that were asked for and had no free peer; empty when none were asked for. */
  readonly missingZones: readonly string[];
}

/** Which peers a run takes, or what was missing to take them. */
export type MemberChoice = { readonly members: readonly PlannedMember[] } | Shortage;

/**
 * The peers whose heartbeat is recent, ordered by id, where peer-2 comes before peer-10. An entry does
 * not count if it does not parse, lies under another id, or is dated more than 5 s ahead of the clock.
 */
export function livePeers(registry: readonly Document[], nowMs: number): RegistryEntry[] {
  return registeredPeers(registry).filter((entry) => isLive(entry, nowMs));
}

/** The same, and those without a heartbeat of late. */
export function registeredPeers(registry: readonly Document[]): RegistryEntry[] {
  return registry
    .flatMap((document) => {
      const entry = registryEntrySchema.safeParse(document.fields);
      return entry.success && document.path.endsWith(`/${entry.data.peerId}`) ? [entry.data] : [];
    })
    .sort((first, second) => comparePeerIds(first.peerId, second.peerId));
}

export function isLive({ heartbeatAtMs }: RegistryEntry, nowMs: number): boolean {
  const ageMs = nowMs - heartbeatAtMs;
  return ageMs <= LIVE_MS && -ageMs <= PEER_AHEAD_MS_MAX;
}

/** The first `peers` live ones; with `zones`, the first one of each of those zones in turn. */
export function chooseMembers(
  live: readonly RegistryEntry[],
  peers: number,
  zones: readonly string[] | null,
): MemberChoice {
  const free = [...live];
  const chosen: RegistryEntry[] = [];
  const missingZones: string[] = [];
  for (let place = 0; place < peers; place += 1) {
    const zone = zones?.[place];
    const found = free.findIndex((entry) => zone === undefined || entry.zone === zone);
    if (found >= 0) chosen.push(...free.splice(found, 1));
    else if (zone !== undefined) missingZones.push(zone);
  }
  if (chosen.length === peers) return { members: chosen.map(toMember) };
  return { members: null, live: live.length, zones: live.map(({ zone }) => zone), missingZones };
}

function toMember(entry: RegistryEntry): PlannedMember {
  const { peerId, incarnation, zone, host, port, datagramBytes } = entry;
  const told = datagramBytes === undefined ? {} : { datagramBytes };
  return { peerId, incarnation, zone, host, port, ...told };
}

/** Compares ids: runs of digits as numbers, everything else by code unit. */
function comparePeerIds(first: string, second: string): number {
  const [firstParts, secondParts] = [first.split(/(\d+)/), second.split(/(\d+)/)];
  for (let part = 0; part < Math.min(firstParts.length, secondParts.length); part += 1) {
    const [a, b] = [firstParts[part]!, secondParts[part]!];
    // Every other part is digits, those at odd places, in both ids, because both begin with a letter.
    const difference = part % 2 === 1 ? Number(a) - Number(b) : 0;
    if (difference !== 0) return difference;
    if (a !== b) return a < b ? -1 : 1;
  }
  return firstParts.length - secondParts.length;
}

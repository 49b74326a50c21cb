import type { RegistryEntry } from '../../control/documents.ts';
import { describeOtherVersion } from '../../control/runs/absent-peers.ts';
import { isLive } from '../../control/runs/choose-members.ts';
import { checkOf, note, ok, wrong, type Check } from './check.ts';
import type { LastRun, PeerFacts } from './peer-facts.ts';

/**
 * A heartbeat is up to 5 s old, and on its way for a moment: a clock that is ahead by less is no
 * difference.
 */
const CLOCK_AHEAD_MS_MAX = 2_000;

/** A peer that has been away for longer than this was taken away on purpose; it is only mentioned. */
const GONE_MS = 7 * 24 * 3_600_000;

/** Whether the peers live, agree on the time, and hear each other. */
export function checkPeers(facts: PeerFacts, cures: PeerCures): Check[] {
  return [
    checkOf('peers', facts.registry, (registry) => checkHeartbeats(registry, facts.nowMs, cures)),
    ...(facts.registry.known ? checkPeerClocks(facts.registry.fact, facts.nowMs) : []),
    ...(facts.registry.known ? checkPeerVersions(facts.registry.fact, facts.nowMs) : []),
    checkOf('udp', facts.lastRun, (run) => checkReachability(run, facts.nowMs, cures)),
  ];
}

/** A time server that keeps a clock sets it by less. */
const CLOCK_STEP_MS_MIN = 5_000;

/** A laboratory on this machine counts on a clock of its own, which nobody sets. */
export function checkLaboratoryClock(laboratoryMs: number, nowMs: number): Check[] {
  const behindMs = nowMs - laboratoryMs;
  if (Math.abs(behindMs) < CLOCK_STEP_MS_MIN) return [];
  const how = `${seconds(Math.abs(behindMs))} ${behindMs > 0 ? 'behind' : 'ahead of'} this machine's clock`;
  return [note('clock', `the laboratory's own is ${how}, which was set since it started; no harm`)];
}

/** What mends a peer that is not there, or not heard: it differs from backend to backend. */
export interface PeerCures {
  readonly stale: (peerId: string, zone: string) => string;
  /** For a peer that was told to exit, or stopped. */
  readonly left: (peerId: string, zone: string) => string;
  readonly none: string;
  readonly unheard: string;
  readonly probe: string;
}

function checkHeartbeats(
  registry: readonly RegistryEntry[],
  nowMs: number,
  cures: PeerCures,
): Check {
  const fresh = registry.filter((entry) => isLive(entry, nowMs));
  // One from the future is told of by checkPeerClocks.
  const stale = registry.filter((entry) => {
    const ageMs = nowMs - entry.heartbeatAtMs;
    return !isLive(entry, nowMs) && ageMs > 0 && ageMs < GONE_MS;
  });
  if (registry.length === 0) return wrong('peers', 'none has ever registered', cures.none);
  const live = `${fresh.length} of ${registry.length} registered peers live`;
  if (stale.length > 0) {
    const since = stale.map(
      ({ peerId, heartbeatAtMs }) => `${peerId} silent for ${age(nowMs - heartbeatAtMs)}`,
    );
    return wrong(
      'peers',
      `${live}; ${since.join(', ')}`,
      cures.stale(stale[0]!.peerId, stale[0]!.zone),
    );
  }
  const [left] = registry.filter(({ leftAtMs = 0 }) => nowMs - leftAtMs < GONE_MS);
  if (left !== undefined) {
    const since = registry.flatMap(({ peerId, leftAtMs = 0 }) =>
      nowMs - leftAtMs < GONE_MS ? [`${peerId} left ${age(nowMs - leftAtMs)} ago`] : [],
    );
    return wrong('peers', `${live}; ${since.join(', ')}`, cures.left(left.peerId, left.zone));
  }
  if (fresh.length === 0) return wrong('peers', live, cures.none);
  return ok('peers', `${live}, in ${new Set(fresh.map(({ zone }) => zone)).size} zones`);
}

/** A heartbeat from the future: then a peer that died may seem to live, and the other way round. */
function checkPeerClocks(registry: readonly RegistryEntry[], nowMs: number): Check[] {
  const ahead = registry.filter(({ heartbeatAtMs }) => heartbeatAtMs - nowMs > CLOCK_AHEAD_MS_MAX);
  if (ahead.length === 0) return [];
  const whose = ahead.map(
    ({ peerId, heartbeatAtMs }) => `${peerId} by ${seconds(heartbeatAtMs - nowMs)}`,
  );
  const cure = 'set the clocks: chronyc tracking, or timedatectl, on both';
  return [wrong('clock of peers', `ahead of this machine: ${whose.join(', ')}`, cure)];
}

/** A peer of another version than this program, which is that of the functions where both were deployed together. */
function checkPeerVersions(registry: readonly RegistryEntry[], nowMs: number): Check[] {
  const others = registry.flatMap((entry) => {
    const how = isLive(entry, nowMs) ? describeOtherVersion(entry) : null;
    return how === null ? [] : [`${entry.peerId} is ${how}`];
  });
  if (others.length === 0) return [];
  const cure =
    'npm run deploy from the commit that all are to have; machines are made anew for some minutes';
  return [wrong('version of peers', others.join('; '), cure)];
}

/** Pairs of members of the last run: who answered whom in the handshake, and how fast. */
function checkReachability(run: LastRun | null, nowMs: number, cures: PeerCures): Check {
  if (run === null) return note('udp', 'no run has measured it yet', cures.probe);
  const { plan, reports } = run;
  const ids = plan.members.map(({ peerId }) => peerId);
  const where = `run ${plan.runId}, ${age(nowMs - plan.createdAtMs)} ago`;
  const silent = ids.filter((peerId) => !reports.has(peerId));
  const unheard = ids.flatMap((from, place) =>
    ids.slice(place + 1).flatMap((to) => {
      const isHeard = roundTrip(run, from, to) !== null;
      return isHeard || silent.includes(from) || silent.includes(to) ? [] : [`${from} and ${to}`];
    }),
  );
  const troubles = [
    ...(silent.length === 0 ? [] : [`no report of ${silent.join(', ')}`]),
    ...(unheard.length === 0 ? [] : [`never answered each other: ${shorten(unheard)}`]),
  ];
  if (troubles.length > 0) return wrong('udp', `${troubles.join('; ')} (${where})`, cures.unheard);
  const trips = ids.flatMap((from, place) =>
    ids.slice(place + 1).map((to) => roundTrip(run, from, to)!),
  );
  const pairs = `${trips.length} ${trips.length === 1 ? 'pair' : 'pairs'} of peers answered each other`;
  const range = `${milliseconds(Math.min(...trips))} to ${milliseconds(Math.max(...trips))} ms`;
  return ok('udp', `${pairs}, round trips ${range} (${where})`);
}

/** What one of the two measured; `null` when neither heard the other. */
function roundTrip({ reports }: LastRun, one: string, other: string): number | null {
  return reports.get(one)?.roundTripMs[other] ?? reports.get(other)?.roundTripMs[one] ?? null;
}

const PAIRS_NAMED_MAX = 4;

function shorten(pairs: readonly string[]): string {
  const more = pairs.length - PAIRS_NAMED_MAX;
  return pairs.slice(0, PAIRS_NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} pairs more` : '');
}

function milliseconds(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** A time span in words, such as `40 s`, `12 min`, `3 h` or `2 days`. */
function age(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1_000));
  if (s < 120) return `${s} s`;
  if (s < 7_200) return `${Math.round(s / 60)} min`;
  return s < 172_800 ? `${Math.round(s / 3_600)} h` : `${Math.round(s / 86_400)} days`;
}

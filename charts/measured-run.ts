import type { Comparison, PeerResult } from '../control/comparison-document.ts';

/**
 * How many milliseconds passed from multicasts to their deliveries at their own sender, at one peer of one
 * run.
 */
export interface OwnLatency {
  readonly peer: number;
  readonly zone: string | null;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What summaries and charts take from one run. Shares are 0 to 1. */
export interface MeasuredRun {
  readonly rounds: number;
  readonly unorderedRounds: number;
  readonly unorderedShare: number;
  readonly missingRounds: number;
  readonly publishedCount: number;
  /** Data and control messages that left, each destination counted; `null` without all reports. */
  readonly messagesPerMulticast: number | null;
  readonly datagramsPerMulticast: number | null;
  readonly bytesPerMulticast: number | null;
  /** Normalised Kendall tau distance, mean over the pairs of peers. */
  readonly kendallTau: number | null;
  readonly ownLatencies: readonly OwnLatency[];
  /** From the first multicast to the last delivery, at the peer where that took longest. */
  readonly durationMs: number | null;
  /** Multicasts of all peers over that time. */
  readonly multicastsPerSecond: number | null;
  /** Guarantees that the ordering declares and this run broke. */
  readonly broken: readonly string[];
}

/** The runs of one cell of a grid. */
export interface MeasuredCell {
  readonly ordering: string;
  readonly peers: number;
  /** How many messages each peer multicasts. */
  readonly messages: number;
  readonly intervalMs: { readonly min: number; readonly max: number };
  readonly runs: readonly MeasuredRun[];
  /** Runs that failed, and are not among `runs`. */
  readonly failed: number;
}

export function measureRun(comparison: Comparison): MeasuredRun {
  const { rounds, unorderedRounds, missingRounds, publishedCount, perPeer, cost } = comparison;
  const durations = perPeer.flatMap(({ durationMs }) => durationMs ?? []);
  const durationMs = durations.length === 0 ? null : Math.max(...durations);
  return {
    rounds,
    unorderedRounds,
    unorderedShare: rounds === 0 ? 0 : unorderedRounds / rounds,
    missingRounds,
    publishedCount,
    messagesPerMulticast: messagesPerMulticast(perPeer),
    datagramsPerMulticast: cost?.datagramsPerMulticast ?? null,
    bytesPerMulticast: cost?.bytesPerMulticast ?? null,
    kendallTau: comparison.kendallTau.mean,
    ownLatencies: perPeer.flatMap((peer) => ownLatency(peer) ?? []),
    durationMs,
    multicastsPerSecond:
      durationMs === null || durationMs <= 0 ? null : (1_000 * rounds) / durationMs,
    broken: comparison.declared.filter((name) => comparison.guarantees[name].held === false),
  };
}

function messagesPerMulticast(perPeer: readonly PeerResult[]): number | null {
  let [sent, multicasts] = [0, 0];
  for (const peer of perPeer) {
    if (peer.messagesSent === null || peer.multicasts === null) return null;
    sent += peer.messagesSent.data + peer.messagesSent.control;
    multicasts += peer.multicasts;
  }
  return multicasts === 0 ? null : sent / multicasts;
}

function ownLatency({ peer, zone, ownLatencyMs }: PeerResult): OwnLatency | null {
  if (ownLatencyMs === null) return null;
  const { p50, p90, p99, max } = ownLatencyMs;
  if (p50 === null || p90 === null || p99 === null || max === null) return null;
  return { peer, zone, p50, p90, p99, max };
}

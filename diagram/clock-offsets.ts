import type { MessagePair } from './match-messages.ts';

/** How many times the estimates are balanced against each other: more rounds change nothing visible. */
const SWEEPS = 100;

/**
 * How far to move each peer's clock so that all show about the same time, in whole microseconds.
 *
 * A message from i to j that took d shows, on their two clocks, d plus what j's clock is ahead. The
 * least of such differences in either direction bounds what it is ahead, and half their difference
 * estimates it, as if the fastest ways there and back took equally long (RFC 5905, section 8; Cristian
 * 1989). Among several peers the estimates are balanced by least squares, each weighed by the inverse
 * square of its round trip, which bounds its error. Then all are moved to within the bounds, so
 * that no message arrives before it was sent; where no offsets do that, because clocks drifted, the
 * caller has to correct single times.
 *
 * Peers that exchanged nothing, directly or through others, are made to begin at the same time.
 */
export function estimateOffsets(
  times: readonly (readonly number[])[],
  pairs: readonly MessagePair[],
): number[] {
  const least = leastDifferences(times, pairs);
  const ahead = balance(least);
  const aheadWithin = moveWithinBounds(ahead, least);
  return alignGroups(times, least, aheadWithin).map((us) => Math.round(us));
}

/**
 * Finds `least[i][j]`: the least difference of clock readings, at j less at i, over messages from i to
 * j.
 */
function leastDifferences(
  times: readonly (readonly number[])[],
  pairs: readonly MessagePair[],
): number[][] {
  const least = times.map(() => times.map(() => Infinity));
  for (const { sent, arrived } of pairs) {
    if (sent.peer === arrived.peer) continue;
    const difference = times[arrived.peer]![arrived.index]! - times[sent.peer]![sent.index]!;
    const row = least[sent.peer]!;
    row[arrived.peer] = Math.min(row[arrived.peer]!, difference);
  }
  return least;
}

/** How far the clock of `to` is ahead of that of `from`, and how much that estimate counts. */
interface Estimate {
  readonly aheadUs: number;
  readonly weight: number;
}

function estimate(
  least: readonly (readonly number[])[],
  from: number,
  to: number,
): Estimate | null {
  const [there, back] = [least[from]![to]!, least[to]![from]!];
  if (there === Infinity && back === Infinity) return null;
  // Where messages went in one direction only, the fastest is taken to have needed no time, and counts
  // little.
  if (back === Infinity) return { aheadUs: there, weight: 1e-15 };
  if (there === Infinity) return { aheadUs: -back, weight: 1e-15 };
  const roundTripUs = Math.max(1, Math.abs(there + back));
  return { aheadUs: (there - back) / 2, weight: 1 / roundTripUs ** 2 };
}

/** How far each clock is ahead of that of the first peer of its group. */
function balance(least: readonly (readonly number[])[]): number[] {
  const size = least.length;
  const ahead = firstGuess(least);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let peer = 0; peer < size; peer += 1) {
      let [sum, weights] = [0, 0];
      for (let other = 0; other < size; other += 1) {
        const from = estimate(least, other, peer);
        if (from === null) continue;
        sum += from.weight * (ahead[other]! + from.aheadUs);
        weights += from.weight;
      }
      if (weights > 0) ahead[peer] = sum / weights;
    }
  }
  return ahead;
}

/**
 * Adds up the estimates that count most along a tree (Prim 1957), so that a few sweeps are enough
 * afterwards.
 */
function firstGuess(least: readonly (readonly number[])[]): number[] {
  const ahead = least.map(() => NaN);
  for (;;) {
    let best: { readonly peer: number; readonly aheadUs: number; readonly weight: number } | null =
      null;
    for (let peer = 0; peer < ahead.length; peer += 1) {
      if (!Number.isNaN(ahead[peer]!)) continue;
      for (let other = 0; other < ahead.length; other += 1) {
        if (Number.isNaN(ahead[other]!)) continue;
        const from = estimate(least, other, peer);
        if (from !== null && from.weight > (best?.weight ?? 0)) {
          best = { peer, aheadUs: ahead[other]! + from.aheadUs, weight: from.weight };
        }
      }
    }
    const stranger = best?.peer ?? ahead.findIndex((us) => Number.isNaN(us));
    if (stranger < 0) return ahead;
    ahead[stranger] = best?.aheadUs ?? 0;
  }
}

/**
 * Moves the estimates to the nearest offsets that respect every bound `ahead[j] - ahead[i] <=
 * least[i][j]`. Shortest paths over the bounds (Floyd 1962) give the highest solution below the
 * estimates and the lowest one above them, and the middle of two solutions is a solution. Without any,
 * the estimates stay unchanged.
 */
function moveWithinBounds(
  ahead: readonly number[],
  least: readonly (readonly number[])[],
): number[] {
  const size = ahead.length;
  const bounds = least.map((row, peer) => row.map((us, other) => (peer === other ? 0 : us)));
  for (let via = 0; via < size; via += 1) {
    for (let from = 0; from < size; from += 1) {
      for (let to = 0; to < size; to += 1) {
        const detour = bounds[from]![via]! + bounds[via]![to]!;
        if (detour < bounds[from]![to]!) bounds[from]![to] = detour;
      }
    }
  }
  if (bounds.some((row, peer) => row[peer]! < 0)) return [...ahead];
  return ahead.map((_own, peer) => {
    let [upper, lower] = [Infinity, -Infinity];
    for (let other = 0; other < size; other += 1) {
      upper = Math.min(upper, ahead[other]! + bounds[other]![peer]!);
      lower = Math.max(lower, ahead[other]! - bounds[peer]![other]!);
    }
    return (upper + lower) / 2;
  });
}

/** What to add to each clock; groups that exchanged nothing begin together. */
function alignGroups(
  times: readonly (readonly number[])[],
  least: readonly (readonly number[])[],
  ahead: readonly number[],
): number[] {
  const offsets = ahead.map((us) => -us);
  const seen = new Set<number>();
  for (let root = 0; root < times.length; root += 1) {
    if (seen.has(root)) continue;
    const group = [root];
    seen.add(root);
    for (const peer of group) {
      for (let other = 0; other < times.length; other += 1) {
        if (seen.has(other) || estimate(least, peer, other) === null) continue;
        seen.add(other);
        group.push(other);
      }
    }
    const firstUs = Math.min(
      ...group.flatMap((peer) =>
        times[peer]!.length > 0 ? [times[peer]![0]! + offsets[peer]!] : [],
      ),
    );
    if (Number.isFinite(firstUs)) for (const peer of group) offsets[peer]! -= firstUs;
  }
  return offsets;
}

import { assert } from '../core/base/assert.ts';
import { openStream, Stream } from '../core/base/random-streams.ts';
import type { RandomStream } from '../core/base/random.ts';
import {
  INTER_ZONE_ROUND_TRIP_MS,
  INTRA_ZONE_ROUND_TRIP_MS,
  REGION_PAIRS,
} from './latency-table.ts';

/** One direction between two zones, as the table has it. */
export interface Path {
  /** Mean time from one end to the other, in microseconds: half the round trip. */
  readonly oneWayUs: number;
  /** Mean absolute deviation of the one-way time, in microseconds. */
  readonly jitterUs: number;
}

const PATHS = new Map<string, Path>();
for (const [region, other, roundTripMs, jitterMs] of REGION_PAIRS) {
  const path = { oneWayUs: roundTripMs * 500, jitterUs: jitterMs * 500 };
  PATHS.set(`${region} ${other}`, path);
  PATHS.set(`${other} ${region}`, path);
}

/** The regions that the latency table knows, sorted. */
export const REGIONS: readonly string[] = [
  ...new Set(REGION_PAIRS.flatMap(([region, other]) => [region, other])),
].sort();

/** The region of a zone: `us-west1-b` is in `us-west1`. */
export function regionOf(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** The path from zone to zone; throws a RangeError that lists the regions when one is unknown. */
export function pathBetween(from: string, to: string): Path {
  const unknown = [from, to].find((zone) => !REGIONS.includes(regionOf(zone)));
  if (unknown !== undefined) {
    throw new RangeError(
      `no latency is known for zone ${unknown}; known regions: ${REGIONS.join(', ')}`,
    );
  }
  if (from === to) return { oneWayUs: INTRA_ZONE_ROUND_TRIP_MS * 500, jitterUs: 25 };
  return (
    PATHS.get(`${regionOf(from)} ${regionOf(to)}`) ?? {
      oneWayUs: INTER_ZONE_ROUND_TRIP_MS * 500,
      jitterUs: 25,
    }
  );
}

/** One packet in this many is late by a spike: a pair that averages 33 ms has been seen at 130 ms. */
const SPIKE_EVERY = 1_000;
const SPIKE_US_MAX = 100_000;

/**
 * What the network does to each packet on one path: swallows it with probability `loss`, or delivers
 * it after the base delay, a small gamma-distributed jitter (shape 2) and, rarely, a spike. Measured
 * jitter between regions is like that: small with rare outliers, not exponential. The mean stays the
 * table's. The same seed gives the same fate to the n-th packet of a path.
 */
export class PacketFate {
  /** The path's mean less its mean jitter, which the gamma distribution adds again. */
  readonly #baseUs: number;
  readonly #scaleUs: number;
  readonly #loss: number;
  readonly #random: RandomStream;

  /** `loss` in [0, 1); `from` and `to` are member indices, which keep the paths' streams apart. */
  constructor(path: Path, loss: number, seed: number, from: number, to: number) {
    assert(loss >= 0 && loss < 1, 'a loss rate is in [0, 1)');
    this.#baseUs = Math.max(0, path.oneWayUs - path.jitterUs);
    this.#scaleUs = -path.jitterUs / 2;
    this.#loss = loss;
    this.#random = openStream(seed, Stream.zones, from * 0x1_0000 + to);
  }

  /** Microseconds from sending to arrival, or -1 when the packet is lost. */
  next(): number {
    const random = this.#random;
    // Each packet draws the same number of numbers, so that loss does not shift the later ones.
    const isLost = random.next() < this.#loss;
    const jitterUs = this.#scaleUs * Math.log((1 - random.next()) * (1 - random.next()));
    const isSpike = random.next() * SPIKE_EVERY < 1;
    const spikeUs = random.next() * SPIKE_US_MAX;
    if (isLost) return -1;
    return Math.round(this.#baseUs + jitterUs + (isSpike ? spikeUs : 0));
  }
}

import { createStream, Stream } from '../../core/base/random-streams.ts';
import { PacketFate, pathBetween } from '../../network/network-model.ts';
import type { Delay } from '../scenario.ts';

/** How long packets take, in whole microseconds. */
export interface Delays {
  /** The delay of the next packet from member `from` to member `to`. */
  next(from: number, to: number): number;
}

/** The delays of a scenario of `peers` members; zones are known to be, and one a member. */
export function createDelays(delay: Delay, peers: number, seed: number): Delays {
  switch (delay.kind) {
    case 'constant':
      return new ConstantDelays(delay.us);
    case 'uniform':
      return new UniformDelays(delay.minUs, delay.maxUs, createStream(seed, Stream.delays));
    case 'exponential':
      return new ExponentialDelays(delay.meanUs, createStream(seed, Stream.delays));
    case 'priorities':
      return new PriorityDelays(delay, peers, seed);
    case 'zones':
      return delay.jitter
        ? new ZoneDelays(delay.zones, peers, seed)
        : new SteadyZoneDelays(delay.zones, peers);
  }
}

class ConstantDelays implements Delays {
  readonly #us: number;

  constructor(us: number) {
    this.#us = us;
  }

  next(): number {
    return this.#us;
  }
}

class UniformDelays implements Delays {
  readonly #minUs: number;
  readonly #count: number;
  readonly #random: () => number;

  constructor(minUs: number, maxUs: number, random: () => number) {
    this.#minUs = minUs;
    this.#count = maxUs - minUs + 1;
    this.#random = random;
  }

  next(): number {
    return this.#minUs + Math.floor(this.#random() * this.#count);
  }
}

class ExponentialDelays implements Delays {
  readonly #meanUs: number;
  readonly #random: () => number;

  constructor(meanUs: number, random: () => number) {
    this.#meanUs = meanUs;
    this.#random = random;
  }

  next(): number {
    return Math.round(-this.#meanUs * Math.log(1 - this.#random()));
  }
}

/** After the latency table, with jitter and spikes: the model of the laboratory's emulated network. */
class ZoneDelays implements Delays {
  readonly #zones: readonly string[];
  readonly #peers: number;
  readonly #seed: number;
  /** The fates of packets, by from x peers + to; each is made when the first packet takes the path. */
  readonly #fates: (PacketFate | undefined)[];

  constructor(zones: readonly string[], peers: number, seed: number) {
    this.#zones = zones;
    this.#peers = peers;
    this.#seed = seed;
    this.#fates = new Array<PacketFate | undefined>(peers * peers);
  }

  next(from: number, to: number): number {
    const fate = this.#fates[from * this.#peers + to] ?? this.#create(from, to);
    return fate.next();
  }

  #create(from: number, to: number): PacketFate {
    const path = pathBetween(this.#zones[from]!, this.#zones[to]!);
    // Losses are decided elsewhere, where they come in bursts as well.
    const fate = new PacketFate(path, 0, this.#seed, from, to);
    this.#fates[from * this.#peers + to] = fate;
    return fate;
  }
}

/** After the latency table, each packet with its path's mean. */
class SteadyZoneDelays implements Delays {
  readonly #peers: number;
  readonly #delays: Uint32Array;

  constructor(zones: readonly string[], peers: number) {
    this.#peers = peers;
    this.#delays = new Uint32Array(peers * peers);
    for (let from = 0; from < peers; from += 1) {
      for (let to = 0; to < peers; to += 1) {
        const { oneWayUs } = pathBetween(zones[from]!, zones[to]!);
        this.#delays[from * peers + to] = Math.round(oneWayUs);
      }
    }
  }

  next(from: number, to: number): number {
    return this.#delays[from * this.#peers + to]!;
  }
}

type Priorities = Extract<Delay, { kind: 'priorities' }>;

/**
 * Delays by priority: every path from member to member has a place in a random order, and its packets take
 * `minUs` in the first place, `maxUs` in the last, and the same multiple more in each place between. Each packet
 * that `changes` names by its number comes after all others instead: it takes twice `maxUs`, the next such one
 * three times, and so on.
 */
class PriorityDelays implements Delays {
  readonly #peers: number;
  readonly #priorities: Priorities;
  /** By from x peers + to. */
  readonly #delays: Float64Array;
  #packets = 0;
  #changed = 0;

  constructor(priorities: Priorities, peers: number, seed: number) {
    this.#peers = peers;
    this.#priorities = priorities;
    this.#delays = new Float64Array(peers * peers);
    const { minUs, maxUs } = priorities;
    const paths = pathsInRandomOrder(peers, createStream(seed, Stream.delays));
    const last = Math.max(1, paths.length - 1);
    for (const [place, path] of paths.entries()) {
      this.#delays[path] = Math.round(minUs * powerOf(maxUs / minUs, place / last));
    }
  }

  next(from: number, to: number): number {
    const { changes, maxUs } = this.#priorities;
    const path = from * this.#peers + to;
    const packet = this.#packets;
    this.#packets += 1;
    if (changes[this.#changed] !== packet) return this.#delays[path]!;
    // The same number twice is one change.
    while (changes[this.#changed] === packet) this.#changed += 1;
    return maxUs * (1 + this.#changed);
  }
}

/** A double has this many bits after its leading one; what smaller powers would add is lost in rounding. */
const POWER_BITS = 52;

/**
 * `base` to the power of `exponent`, which is from 0 to 1, out of square roots and products: for each bit of the
 * exponent there is a root. IEEE 754 says how both are rounded, so that the same seed gives the same delays on every
 * machine. For `**` V8 asks the machine's C library, and each of these rounds in its own way.
 */
function powerOf(base: number, exponent: number): number {
  let [power, root, rest] = [1, base, exponent];
  for (let bit = 0; bit <= POWER_BITS && rest > 0; bit += 1) {
    if (rest >= 1) {
      power *= root;
      rest -= 1;
    }
    root = Math.sqrt(root);
    rest *= 2;
  }
  return power;
}

/** Fisher and Yates. */
function pathsInRandomOrder(peers: number, random: () => number): number[] {
  const paths: number[] = [];
  for (let path = 0; path < peers * peers; path += 1) {
    if (path % (peers + 1) !== 0) paths.push(path);
  }
  for (let last = paths.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [paths[last], paths[other]] = [paths[other]!, paths[last]!];
  }
  return paths;
}

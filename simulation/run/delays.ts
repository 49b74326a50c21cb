import { createStream, Stream } from '../../core/base/random-streams.ts';
import { PacketFate, pathBetween } from '../../network/network-model.ts';
import type { Delay } from '../scenario.ts';
import type { Delays } from './path-delay.ts';
import { PriorityDelays } from './priority-delays.ts';

export type { Delays };

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

import { createStream, Stream } from '../../core/base/random-streams.ts';
import type { Delay } from '../scenario.ts';
import type { Delays } from './path-delay.ts';

type Priorities = Extract<Delay, { kind: 'priorities' }>;

/**
 * Delays by priority: every path from member to member has a place in a random order, and its packets take
 * `minUs` in the first place, `maxUs` in the last, and the same multiple more in each place between. Each packet
 * that `changes` names by its number comes after all others instead: it takes twice `maxUs`, the next such one
 * three times, and so on.
 */
export class PriorityDelays implements Delays {
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
      this.#delays[path] = Math.round(minUs * (maxUs / minUs) ** (place / last));
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

import type { Observer } from '../simulate.ts';
import type { Delay, Scenario } from '../scenario.ts';
import type { Finding } from './finding.ts';

/** A run is long when multicasting takes so many times as long as any message travels. */
const LONG_MIN = 30;
const MESSAGES_MIN = 12;
/** Whoever delivered less than this share of the messages before the last one was multicast, waits. */
const SHARE_MIN = 0.1;

/** How many messages each member had delivered when the last one of all was multicast. */
export interface DeliveredWhenLastMulticast {
  readonly before: readonly number[];
  readonly atUs: number;
  readonly total: readonly number[];
}

/**
 * Counts deliveries of a run in which every ordering has time to deliver as it goes; `null` for
 * other runs: with faults, or too short, even the best ordering may deliver everything at the end.
 */
export function sortingObserver(scenario: Scenario): SortingObserver | null {
  const { network, faults, messages, intervalUs, peers } = scenario;
  const isCalm = faults.length === 0 && network.loss === 0 && network.reordering === 0;
  const isLong = messages * intervalUs.min >= LONG_MIN * longestUs(network.delay);
  if (!isCalm || !isLong || messages < MESSAGES_MIN) return null;
  return new SortingObserver(peers);
}

function longestUs(delay: Delay): number {
  switch (delay.kind) {
    case 'constant':
      return delay.us;
    case 'uniform':
      return delay.maxUs;
    default:
      return Infinity;
  }
}

export class SortingObserver implements Observer {
  readonly #total: number[];
  #before: readonly number[] = [];
  #atUs = 0;

  constructor(peers: number) {
    this.#total = new Array<number>(peers).fill(0);
  }

  get delivered(): DeliveredWhenLastMulticast {
    return { before: this.#before, atUs: this.#atUs, total: this.#total };
  }

  multicast(atUs: number): void {
    this.#atUs = atUs;
    this.#before = [...this.#total];
  }

  deliver(_atUs: number, member: number): void {
    this.#total[member]! += 1;
  }
}

/**
 * An ordering that sorts at the end is no ordering. Judged by when messages were multicast, not by
 * when they arrived, so that it does not matter in which of its own messages an ordering packs them.
 */
export function judgeSorting({ before, atUs, total }: DeliveredWhenLastMulticast): Finding[] {
  const peer = total.findIndex((all, member) => all > 0 && before[member]! < all * SHARE_MIN);
  if (peer < 0) return [];
  const text =
    `peer ${peer} had delivered ${before[peer]} of ${total[peer]} messages when the last one was ` +
    `multicast, ${(atUs / 1e6).toFixed(1)} s into a run without faults: an ordering that sorts at ` +
    'the end is no ordering';
  return [{ name: 'sorting', text, observations: [] }];
}

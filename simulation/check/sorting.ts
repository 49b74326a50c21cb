import type { Observer } from '../simulate.ts';
import type { Delay, Scenario } from '../scenario.ts';
import type { Finding } from './finding.ts';

/** A run is long when multicasting takes so many times as long as any message travels. */
const LONG_MIN = 30;
const MESSAGES_MIN = 12;
/** Whoever delivered less than this share of the messages before the last one was multicast may be waiting for it. */
const SHARE_MIN = 0.1;
/** How many times as long a run is in which that is looked at again: each twice the one before. */
const FACTORS = [2, 4, 8] as const;
/** Of the time that a run was made longer, the share that a wait must have grown by as well. */
const GROWTH_MIN = 0.5;

/**
 * When each member delivered, in a run of some length, seen from the moment at which the last message of
 * all was multicast.
 */
export interface Waiting {
  readonly lastMulticastAtUs: number;
  /** By member: how many messages it had delivered by then, and in all. */
  readonly before: readonly number[];
  readonly total: readonly number[];
  /** By member: how long after its multicast it delivered the first message that it delivered later; 0 for none. */
  readonly waitUs: readonly number[];
}

/**
 * Watches a run in which every ordering has time to deliver as it goes; `null` for other runs: with
 * faults, or too short, even the best ordering may deliver everything at the end.
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
  readonly #multicastAtUs = new Map<string, number>();
  #before: readonly number[] = [];
  #lastMulticastAtUs = 0;
  /** By member, the wait of its first delivery since the last multicast of all, which is the last one so far. */
  #waitUs: number[];

  constructor(peers: number) {
    this.#total = new Array<number>(peers).fill(0);
    this.#waitUs = new Array<number>(peers).fill(0);
  }

  get waiting(): Waiting {
    return {
      lastMulticastAtUs: this.#lastMulticastAtUs,
      before: this.#before,
      total: this.#total,
      waitUs: this.#waitUs,
    };
  }

  multicast(atUs: number, _member: number, message: { sender: number; sequence: number }): void {
    this.#multicastAtUs.set(`${message.sender} ${message.sequence}`, atUs);
    this.#lastMulticastAtUs = atUs;
    this.#before = [...this.#total];
    this.#waitUs = this.#waitUs.map(() => 0);
  }

  deliver(atUs: number, member: number, message: { sender: number; sequence: number }): void {
    this.#total[member]! += 1;
    if (this.#waitUs[member] !== 0) return;
    const multicastAtUs = this.#multicastAtUs.get(`${message.sender} ${message.sequence}`);
    if (multicastAtUs !== undefined) this.#waitUs[member] = atUs - multicastAtUs;
  }
}

/**
 * An ordering that sorts at the end is no ordering: it delivers (nearly) nothing until everything was
 * multicast, however long that takes. One run cannot tell that from a wait that is merely long. So where
 * little was delivered before the last multicast, the same schedule is run at two, four and eight times its
 * length, and a member is accused only if each time it delivered no more before the end than in the shorter
 * run, and what it delivered first after that had waited longer, by half at least of what the run was longer.
 *
 * An ordering cannot know how long a run will be. One that would deliver a message after a wait that does
 * not depend on the end does so in every run that is long enough, and after the same wait; one that merely
 * falls behind delivers twice as much in twice the time. Neither is accused. `runLonger` gives the same
 * schedule with so many times as many messages.
 */
export function judgeSorting(first: Waiting, runLonger: (factor: number) => Waiting): Finding[] {
  let suspects = [...first.total.keys()].filter((peer) => {
    const total = first.total[peer]!;
    return total > 0 && first.before[peer]! < total * SHARE_MIN;
  });
  let shorter = first;
  for (const factor of FACTORS) {
    if (suspects.length === 0) return [];
    const longer = runLonger(factor);
    suspects = suspects.filter((peer) => waitsForTheEnd(shorter, longer, peer));
    shorter = longer;
  }
  const [peer] = suspects;
  return peer === undefined ? [] : [describe(first, shorter, peer)];
}

function waitsForTheEnd(shorter: Waiting, longer: Waiting, peer: number): boolean {
  const addedUs = longer.lastMulticastAtUs - shorter.lastMulticastAtUs;
  const grownUs = longer.waitUs[peer]! - shorter.waitUs[peer]!;
  return longer.before[peer]! <= shorter.before[peer]! && grownUs >= GROWTH_MIN * addedUs;
}

function describe(first: Waiting, longest: Waiting, peer: number): Finding {
  const seconds = (us: number): string => `${(us / 1e6).toFixed(1)} s`;
  const text =
    `peer ${peer} had delivered ${first.before[peer]} of ${first.total[peer]} messages when the last one ` +
    `was multicast, ${seconds(first.lastMulticastAtUs)} into a run without faults, and ` +
    `${longest.before[peer]} of ${longest.total[peer]} in the same run made ${FACTORS.at(-1)} times as long ` +
    `(${seconds(longest.lastMulticastAtUs)}): an ordering that sorts at the end is no ordering`;
  return { name: 'sorting', text, observations: [] };
}

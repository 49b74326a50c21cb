import type { Observer } from '../simulate.ts';
import type { Scenario } from '../scenario.ts';
import type { Finding } from './finding.ts';
import { isUntroubled, longestUs } from './untroubled.ts';

/** The lengths at which one schedule is tried: a quarter of its messages, a half, three quarters, all. */
const LENGTHS = 4;
const MESSAGES_MIN = 12;
/**
 * The longest run must go on after the end of the shortest for this many times as long as a packet
 * travels.
 */
const LONG_MIN = 20;
/**
 * How far apart the waits after the end may be, as a share of the distance between the ends of the
 * runs.
 */
const TOLERANCE = 0.25;

/** When the first messages of a run were delivered, and when its last one was multicast. */
export interface EarlyDeliveries {
  readonly lastMulticastAtUs: number;
  /** How many messages of each sender are early. */
  readonly count: number;
  /**
   * When a peer delivered each message first: peer p at (p x peers + sender) x count + number; NaN:
   * never.
   */
  readonly atUs: Float64Array;
  /** When each message was multicast, at sender x count + number; NaN: never. */
  readonly multicastAtUs: Float64Array;
}

/**
 * Watches a run in which every ordering has time to deliver as it goes; `null` for other runs: with faults,
 * or too short, even the best ordering may deliver everything at the end.
 */
export function sortingObserver(scenario: Scenario): SortingObserver | null {
  const { network, messages, intervalUs, peers } = scenario;
  const meanUs = (intervalUs.min + intervalUs.max) / 2;
  const addedUs = messages * (1 - 1 / LENGTHS) * meanUs;
  const isLong = messages >= MESSAGES_MIN && addedUs >= LONG_MIN * longestUs(network.delay);
  if (!isUntroubled(scenario) || !isLong) return null;
  return new SortingObserver(peers, Math.ceil(messages / (2 * LENGTHS)));
}

class SortingObserver implements Observer {
  readonly #peers: number;
  readonly #count: number;
  readonly #atUs: Float64Array;
  readonly #multicastAtUs: Float64Array;
  #lastMulticastAtUs = 0;

  /** The first `count` messages of each of the `peers` members are watched. */
  constructor(peers: number, count: number) {
    this.#peers = peers;
    this.#count = count;
    this.#atUs = new Float64Array(peers * peers * count).fill(NaN);
    this.#multicastAtUs = new Float64Array(peers * count).fill(NaN);
  }

  get early(): EarlyDeliveries {
    return {
      lastMulticastAtUs: this.#lastMulticastAtUs,
      count: this.#count,
      atUs: this.#atUs,
      multicastAtUs: this.#multicastAtUs,
    };
  }

  multicast(atUs: number, member: number, { sequence }: { sequence: number }): void {
    this.#lastMulticastAtUs = atUs;
    if (sequence < this.#count) this.#multicastAtUs[member * this.#count + sequence] = atUs;
  }

  deliver(atUs: number, peer: number, message: { sender: number; sequence: number }): void {
    const { sender, sequence } = message;
    if (sender >= this.#peers || sequence >= this.#count) return;
    const index = (peer * this.#peers + sender) * this.#count + sequence;
    if (Number.isNaN(this.#atUs[index])) this.#atUs[index] = atUs;
  }
}

/**
 * An ordering that sorts at the end is no ordering: it holds messages back until nothing more is
 * multicast, however long that takes. One run cannot tell that from a wait that is merely long. So
 * where a message from the beginning is delivered only after the last multicast, the same schedule is
 * run at four lengths. Up to where the runs part they are the same, and an ordering cannot know how
 * long the run will be. An ordering whose wait does not depend on the end delivers the message at about
 * the same time in all runs. An ordering that waits for the end delivers it at about the same time
 * *after the end* of each, as much later as the run was longer. Only that is accused, and only if some
 * message shows it under `otherSeeds` other seeds as well, so that it cannot be chance.
 *
 * Returns `null` where nothing can be said, because a run was cut short. `runAgain` runs another
 * scenario under the eyes of an observer, and says whether it came to its end.
 */
export function judgeSorting(
  scenario: Scenario,
  early: EarlyDeliveries,
  runAgain: RunAgain,
  otherSeeds: number,
): Finding[] | null {
  if (lateOnes(early).length === 0) return [];
  const waiting = findWaiting(scenario, early, runAgain);
  if (waiting === null) return null;
  const [first] = waiting;
  if (first === undefined) return [];
  for (let other = 1; other <= otherSeeds; other += 1) {
    const reseeded = { ...scenario, seed: (scenario.seed + other) >>> 0 };
    const whole = seeLength(reseeded, scenario.messages, early.count, runAgain);
    const confirmed = whole && findWaiting(reseeded, whole, runAgain);
    if (confirmed === null) return null;
    if (confirmed.length === 0) return [];
  }
  return [describe(scenario, first)];
}

export type RunAgain = (scenario: Scenario, observer: Observer) => boolean;

/** A message that one peer delivers only after the end of the run, in runs of each length. */
interface WaitsForTheEnd {
  readonly peer: number;
  readonly sender: number;
  readonly sequence: number;
  /**
   * By length of the run: how long after its own multicast, and after the last multicast of all, it
   * came.
   */
  readonly waitUs: readonly number[];
  readonly afterTheEndUs: readonly number[];
}

/** Deliveries that wait for the end in runs of all lengths, of which `whole` saw the longest. */
function findWaiting(
  scenario: Scenario,
  whole: EarlyDeliveries,
  runAgain: RunAgain,
): WaitsForTheEnd[] | null {
  const runs: EarlyDeliveries[] = [];
  for (const messages of lengthsOf(scenario).slice(0, -1)) {
    const seen = seeLength(scenario, messages, whole.count, runAgain);
    if (seen === null) return null;
    runs.push(seen);
  }
  runs.push(whole);
  return lateOnes(whole).flatMap((index) => waitsForTheEnd(runs, index, scenario.peers));
}

/** How many messages each member multicasts in each of the runs. */
function lengthsOf({ messages }: Scenario): number[] {
  return Array.from({ length: LENGTHS }, (_, index) =>
    Math.ceil((messages * (index + 1)) / LENGTHS),
  );
}

/** What is seen of the first `count` messages in a run of `messages` in all; `null` if it was cut short. */
function seeLength(
  scenario: Scenario,
  messages: number,
  count: number,
  runAgain: RunAgain,
): EarlyDeliveries | null {
  const observer = new SortingObserver(scenario.peers, count);
  return runAgain({ ...scenario, messages }, observer) ? observer.early : null;
}

/** Early messages that a peer delivered only after the last multicast of the run. */
function lateOnes({ atUs, lastMulticastAtUs }: EarlyDeliveries): number[] {
  return [...atUs.keys()].filter((index) => atUs[index]! > lastMulticastAtUs);
}

/** Whether delivery `index` comes after the end of each run, and by about the same time. */
function waitsForTheEnd(
  runs: readonly EarlyDeliveries[],
  index: number,
  peers: number,
): WaitsForTheEnd[] {
  const { count } = runs[0]!;
  const message = index % (peers * count);
  const afterTheEndUs = runs.map(({ atUs, lastMulticastAtUs }) => atUs[index]! - lastMulticastAtUs);
  const longerUs = runs.at(-1)!.lastMulticastAtUs - runs[0]!.lastMulticastAtUs;
  const apartUs = Math.max(...afterTheEndUs) - Math.min(...afterTheEndUs);
  // For a message that is never delivered, the difference is no number, and no condition holds.
  const isWaiting = afterTheEndUs.every((us) => us >= 0) && apartUs <= TOLERANCE * longerUs;
  if (!isWaiting) return [];
  const waitUs = runs.map(({ atUs, multicastAtUs }) => atUs[index]! - multicastAtUs[message]!);
  const peer = Math.floor(index / (peers * count));
  const [sender, sequence] = [Math.floor(message / count), message % count];
  return [{ peer, sender, sequence, waitUs, afterTheEndUs }];
}

function describe(scenario: Scenario, waiting: WaitsForTheEnd): Finding {
  const { peer, sender, sequence, waitUs, afterTheEndUs } = waiting;
  const seconds = (us: number): string => (us / 1e6).toFixed(1);
  const list = (values: readonly (string | number)[]): string =>
    `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
  const text =
    `peer ${peer} delivers (${sender}, ${sequence}) only ${seconds(afterTheEndUs.at(-1)!)} s after the last ` +
    `multicast of the run, whenever that is: in the same schedule with ${list(lengthsOf(scenario))} ` +
    `messages each it waits ${list(waitUs.map(seconds))} s, without any fault. An ordering that waits for ` +
    'the end, to sort, is no ordering';
  const observations = [{ peer, sender, sequence, position: null }];
  return { name: 'sorting', text, observations };
}

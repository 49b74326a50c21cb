import { countInversions } from './kendall-tau.ts';
import type { Allocate } from '../log-table.ts';

/**
 * What has to be known to compare the orders of two logs: nothing but numbers in columns that nobody
 * writes any more, so that a thread can be given it.
 */
export interface PairJob {
  /** Where each message, by its id, stands in the one log and in the other; -1 where it does not. */
  readonly here: Int32Array;
  readonly there: Int32Array;
  /** How many deliveries the two logs have. */
  readonly hereLength: number;
  readonly thereLength: number;
  /** How many first positions are the same in both. */
  readonly commonPrefix: number;
}

/** How two logs are ordered behind the beginning that they have in common. */
export interface PairResult {
  /** Messages that stand in both behind there. */
  readonly common: number;
  /** Pairs of these in opposite orders. */
  readonly discordant: number;
}

/**
 * Who does the jobs: the thread that asks, or several. What comes out does not depend on it, since the
 * result of a job is a number that only the job decides.
 */
export interface PairHands {
  /** Makes the columns of the jobs. */
  readonly allocate: Allocate;
  /** Begins the jobs, or does nothing yet; the function that it returns gives the results of all, in their order. */
  begin(jobs: readonly PairJob[]): () => PairResult[];
}

/** Does all jobs in the thread that asks for the results. */
export const ONE_HAND: PairHands = {
  allocate: (length) => new Int32Array(length),
  begin: (jobs) => () => {
    const room = new PairRoom(roomOf(jobs));
    return jobs.map((job) => measureJob(job, room));
  },
};

/** Two columns that one job after the other works in. */
export class PairRoom {
  readonly values: Int32Array;
  readonly scratch: Int32Array;

  constructor(length: number) {
    this.values = new Int32Array(length);
    this.scratch = new Int32Array(length);
  }
}

/** How much room the largest of the jobs takes; 0 where none has anything to do. */
export function roomOf(jobs: readonly PairJob[]): number {
  return jobs.reduce((most, job) => Math.max(most, roomOfOne(job)), 0);
}

/** How many deliveries the jobs go through in all. */
export function workOf(jobs: readonly PairJob[]): number {
  return jobs.reduce((sum, job) => sum + roomOfOne(job), 0);
}

function roomOfOne({ hereLength, thereLength, commonPrefix }: PairJob): number {
  // Where one log ends with the common beginning, nothing is common behind it.
  const isOver = Math.min(hereLength, thereLength) === commonPrefix;
  return isOver ? 0 : Math.max(hereLength, thereLength) - commonPrefix;
}

/** Does one job: O(n log n) for logs of n deliveries, O(n) where they have nearly the same order. */
export function measureJob(job: PairJob, room: PairRoom): PairResult {
  if (roomOfOne(job) === 0) return { common: 0, discordant: 0 };
  const { hereLength, thereLength, commonPrefix } = job;
  const hereBehind = hereLength - commonPrefix;
  const thereBehind = thereLength - commonPrefix;
  const listed = room.values.subarray(0, hereBehind).fill(-1);
  const common = listInOrder(job, listed);
  const isWithoutGap = common === hereBehind && common === thereBehind;
  const values = isWithoutGap ? listed : closeGaps(listed, room.scratch.subarray(0, thereBehind));
  return { common, discordant: countInversions(values, room.scratch) };
}

/**
 * Lists the places that common messages have in the one log, at the places that they have in the other, both
 * counted from the common beginning; gives how many they are. Messages are gone through by their ids, since
 * two columns are then read in the order of memory, and only the list is written in another.
 */
function listInOrder({ here, there, commonPrefix }: PairJob, list: Int32Array): number {
  let common = 0;
  for (let id = 0; id < here.length; id += 1) {
    const [place, value] = [here[id]! - commonPrefix, there[id]! - commonPrefix];
    // A message that both have in the common beginning has its first place there in both.
    if (place < 0 || value < 0) continue;
    list[place] = value;
    common += 1;
  }
  return common;
}

/**
 * Takes out the places without a value (-1), and numbers the values from 0 on in their order, without a
 * gap: positions of messages that only one of the peers delivered, or of repetitions, are not among them.
 */
function closeGaps(list: Int32Array, ranks: Int32Array): Int32Array {
  ranks.fill(0);
  let length = 0;
  for (let i = 0; i < list.length; i += 1) {
    const value = list[i]!;
    if (value < 0) continue;
    list[length] = value;
    length += 1;
    ranks[value] = 1;
  }
  let rank = 0;
  for (let value = 0; value < ranks.length; value += 1) {
    const isThere = ranks[value]!;
    ranks[value] = rank;
    rank += isThere;
  }
  for (let i = 0; i < length; i += 1) list[i] = ranks[list[i]!]!;
  return list.subarray(0, length);
}

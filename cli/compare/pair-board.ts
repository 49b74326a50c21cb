import {
  measureJob,
  PairRoom,
  roomOf,
  type PairJob,
  type PairResult,
} from '../../core/judge/pairs/pair-jobs.ts';

/** What threads share: the jobs, and where it is written who takes which and what came out. */
export interface SharedPairs {
  readonly jobs: readonly PairJob[];
  /** The number of the next job that nobody took, and for each job 1 once it is done. */
  readonly state: Int32Array<SharedArrayBuffer>;
  /** Two numbers a job: `common`, `discordant`. */
  readonly results: Float64Array<SharedArrayBuffer>;
}

const NEXT = 0;
const FIRST_DONE = 1;
const NUMBERS = 2;

/** A board for `jobs`, of which nobody took any. Their columns have to be in shared memory. */
export function sharePairs(jobs: readonly PairJob[]): SharedPairs {
  const int32s = new SharedArrayBuffer((FIRST_DONE + jobs.length) * Int32Array.BYTES_PER_ELEMENT);
  const doubles = new SharedArrayBuffer(NUMBERS * jobs.length * Float64Array.BYTES_PER_ELEMENT);
  return { jobs, state: new Int32Array(int32s), results: new Float64Array(doubles) };
}

/**
 * What one thread has to do with the board. All threads do the same: each takes the next job until none is left, so that
 * a thread that starts late, or never, only leaves more to the others.
 */
export class PairBoard {
  readonly #shared: SharedPairs;
  #room: PairRoom | null = null;

  constructor(shared: SharedPairs) {
    this.#shared = shared;
  }

  /** Does jobs until none is left. */
  workOn(): void {
    const { jobs, state } = this.#shared;
    for (
      let job = Atomics.add(state, NEXT, 1);
      job < jobs.length;
      job = Atomics.add(state, NEXT, 1)
    ) {
      this.#do(job);
    }
  }

  /**
   * The results in the order of the jobs. A job that another thread took and has not done within `waitMs` is done
   * here: that thread may have died.
   */
  collect(waitMs: number): PairResult[] {
    const { jobs, state, results } = this.#shared;
    return jobs.map((_job, job) => {
      Atomics.wait(state, FIRST_DONE + job, 0, waitMs);
      if (Atomics.load(state, FIRST_DONE + job) === 0) this.#do(job);
      return { common: results[NUMBERS * job]!, discordant: results[NUMBERS * job + 1]! };
    });
  }

  #do(job: number): void {
    const { jobs, state, results } = this.#shared;
    this.#room ??= new PairRoom(roomOf(jobs));
    const { common, discordant } = measureJob(jobs[job]!, this.#room);
    results[NUMBERS * job] = common;
    results[NUMBERS * job + 1] = discordant;
    Atomics.store(state, FIRST_DONE + job, 1);
    Atomics.notify(state, FIRST_DONE + job);
  }
}

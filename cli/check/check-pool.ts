import {
  addFaults,
  addJudged,
  addLarge,
  type Checked,
  type CheckOptions,
  type Failing,
  type JudgedCounts,
  noFaults,
  noLarge,
} from '../../simulation/check/check-seeds.ts';
import { CAMPAIGN_SEEDS } from '../../simulation/check/strategy/coverage-campaign.ts';
import { type Strategy, STRATEGY_DEFAULT } from '../../simulation/check/strategy/strategy.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import type { CheckAnswer, CheckTask, CheckWorkerData } from './check-worker.ts';
import { answerFrom } from '../shell/answer-from.ts';
import { Failure } from '../shell/failure.ts';
import { HangWatch } from '../shell/hang-watch.ts';
import { type OrderingSource, SIMULATED_MEMBERS } from '../ordering/ordering-source.ts';
import { describeOutOfMemory, isOutOfMemory, OrderingThread } from '../ordering/ordering-thread.ts';

/** Seeds that a worker is given at a time: enough that handing them out costs nothing. */
const SEEDS_AT_A_TIME = 64;

/**
 * Where the seeds begin that a worker is given together with `seed`, if all are asked for: whole campaigns,
 * where schedules learn from those before them.
 */
export function beginOfChunk(seed: number, { strategy }: CheckOptions): number {
  const length = chunkLength(strategy);
  return seed - (seed % length);
}

function chunkLength(strategy: Strategy = STRATEGY_DEFAULT): number {
  return strategy.kind === 'coverage' ? CAMPAIGN_SEEDS : SEEDS_AT_A_TIME;
}
const WATCH_PERIOD_MS = 250;
/**
 * The longest time between two calls of an ordering: no schedule takes a tenth of it, unless a call
 * hangs.
 */
export const HANG_MS = 60_000;

export interface PoolOptions {
  readonly source: OrderingSource;
  readonly options: CheckOptions;
  readonly workers: number;
  readonly signal: AbortSignal;
  /** It is told now and then how many schedules were begun. */
  readonly onProgress: (begun: number) => void;
  readonly hangMs?: number;
  /** A program gets new processes for each run; default false. */
  readonly fresh?: boolean;
  /** The members of a run share the variables of an ordering's module; default false. */
  readonly shared?: boolean;
  /** How many members have variables of their own; by default as many as a schedule of the task may have. */
  readonly members?: number;
}

/** An ordering that did not come back from a call, in the schedule of this seed: its thread had to be ended. */
export class HangError extends Error {
  override name = 'HangError';
  readonly seed: number;
  /** Whether it filled the memory of the thread, and not only took its time. */
  readonly isGrowth: boolean;

  constructor(seed: number, how: string, isGrowth = false) {
    super(`the ordering ${how} in the schedule of seed ${seed}`);
    this.seed = seed;
    this.isGrowth = isGrowth;
  }
}

/**
 * Checks seeds on several threads. The failing seed is the smallest, however many threads there are.
 * Throws `HangError`, `Failure`, or the reason of the signal.
 */
export async function checkInPool(
  pool: PoolOptions,
  first: number,
  count: number,
): Promise<Checked> {
  const end = first + count;
  const faultsHappened = noFaults();
  const judged: JudgedCounts = {};
  const large = noLarge();
  let next = first;
  let failing: Failing | null = null;
  const takeTask = (): CheckTask | null => {
    // Chunks are given out in order: none that is left could hold a smaller failing seed.
    if (next >= end || failing !== null) return null;
    const chunkEnd = beginOfChunk(next, pool.options) + chunkLength(pool.options.strategy);
    const task: CheckTask = { task: 'check', first: next, count: Math.min(chunkEnd, end) - next };
    next += task.count;
    return task;
  };
  await withWorkers(pool, takeTask, (answer) => {
    if (answer.task !== 'check') return;
    addFaults(faultsHappened, answer.checked.faultsHappened);
    addJudged(judged, answer.checked.judged);
    addLarge(large, answer.checked.large);
    const found = answer.checked.failing;
    if (found !== null && (failing === null || found.seed < failing.seed)) failing = found;
  });
  const last = failing as Failing | null;
  const seeds = last === null ? count : last.seed - first + 1;
  return { seeds, failing: last, faultsHappened, judged, large };
}

/** Has one task done on a thread of its own, which knows nothing of what ran before. */
export async function performAlone<Name extends CheckTask['task']>(
  pool: PoolOptions,
  task: Extract<CheckTask, { task: Name }>,
): Promise<Extract<CheckAnswer, { task: Name }>> {
  let left: CheckTask | null = task;
  let answered: CheckAnswer | null = null;
  const takeTask = (): CheckTask | null => {
    const taken = left;
    left = null;
    return taken;
  };
  const members = pool.members ?? membersOf(task, pool.options);
  const quiet = { ...pool, members, workers: 1, onProgress: () => undefined };
  await withWorkers(quiet, takeTask, (answer) => (answered = answer));
  if (answered === null) throw new Failure(`the task ${task.task} was not done`);
  return answered;
}

/**
 * How many members the runs of a task have at most. The file of an ordering is loaded twice for each, which takes longer than
 * most runs; whoever replays a scenario loads it for its peers as well.
 */
function membersOf(task: CheckTask, options: CheckOptions): number {
  switch (task.task) {
    case 'try':
      return Math.max(...[...task.before, task.scenario].map(({ peers }) => peers));
    case 'shrink':
      return task.failing.scenario.peers;
    case 'shorten':
    case 'tell':
      return task.scenario.peers;
    case 'check':
    case 'draw':
      return membersDrawn(options);
  }
}

/** How many members a drawn schedule has at most. */
function membersDrawn({ peersMax }: CheckOptions): number {
  return Math.max(SIMULATED_MEMBERS, peersMax);
}

/** The schedules of seeds, drawn where an ordering that does not come back can be ended. */
export async function drawAlone(
  pool: PoolOptions,
  first: number,
  count = 1,
): Promise<readonly Scenario[]> {
  return (await performAlone(pool, { task: 'draw', first, count })).drawn;
}

/** Gives each worker one task after another, until none is left and all are done. */
async function withWorkers(
  pool: PoolOptions,
  takeTask: () => CheckTask | null,
  onAnswer: (answer: CheckAnswer) => void,
): Promise<void> {
  pool.signal.throwIfAborted();
  const hands = Array.from({ length: pool.workers }, () => new Hand(pool));
  const stopped = new AbortController();
  const watch = setInterval(() => {
    pool.onProgress(hands.reduce((sum, hand) => sum + hand.begun, 0));
    const hanging = hands.find((hand) => hand.isHanging(performance.now()));
    if (hanging !== undefined) stopped.abort(hanging.describe());
  }, WATCH_PERIOD_MS);
  try {
    const signal = AbortSignal.any([pool.signal, stopped.signal]);
    await Promise.all(hands.map((hand) => hand.work(takeTask, onAnswer, signal)));
  } finally {
    clearInterval(watch);
    await Promise.all(hands.map((hand) => hand.end()));
  }
}

/** One worker thread, and what is known of its progress. */
class Hand {
  readonly #thread: OrderingThread;
  readonly #progress: Uint32Array;
  readonly #life: HangWatch;
  #busy = false;

  constructor({ source, options, hangMs, fresh = false, shared = false, members }: PoolOptions) {
    const progress = new SharedArrayBuffer(12);
    const separate = shared ? 1 : (members ?? membersDrawn(options));
    const workerData: CheckWorkerData = { source, options, fresh, members: separate, progress };
    this.#thread = new OrderingThread(new URL('./check-worker.ts', import.meta.url), workerData);
    this.#progress = new Uint32Array(progress);
    this.#life = new HangWatch(() => this.#progress[0]! + this.#progress[2]!, hangMs ?? HANG_MS);
  }

  get begun(): number {
    return this.#progress[0]!;
  }

  isHanging(nowMs: number): boolean {
    return this.#busy && this.#life.isHanging(nowMs);
  }

  describe(): HangError {
    const how = `did not come back within ${this.#life.hangMs / 1_000} s`;
    return new HangError(this.#progress[1]!, how);
  }

  async work(
    takeTask: () => CheckTask | null,
    onAnswer: (answer: CheckAnswer) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (let task = takeTask(); task !== null; task = takeTask()) {
      onAnswer(await this.#perform(task, signal));
    }
  }

  async end(): Promise<void> {
    await this.#thread.end();
  }

  async #perform(task: CheckTask, signal: AbortSignal): Promise<CheckAnswer> {
    this.#busy = true;
    this.#life.begin(performance.now());
    try {
      return await answerFrom<CheckAnswer>(this.#thread.start(), task, 'a worker', signal);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const seed = this.#progress[1]!;
      if (isOutOfMemory(error.cause)) {
        throw new HangError(seed, describeOutOfMemory(), true);
      }
      if (this.begun === 0) throw error;
      throw new Failure(`${error.message}, in or after the schedule of seed ${seed}`);
    } finally {
      this.#busy = false;
    }
  }
}

import type { OrderingSource } from '../../ordering/ordering-source.ts';
import { OrderingThread } from '../../ordering/ordering-thread.ts';
import type { Finding } from '../../../simulation/check/finding.ts';
import { Failure } from '../../shell/failure.ts';
import { HangWatch } from '../../shell/hang-watch.ts';
import { answerFrom } from '../../shell/answer-from.ts';
import { HANG_MS } from '../check-pool.ts';
import { TriedSchedule } from './tried-schedule.ts';
import type {
  AnswerTo,
  ExhaustiveAnswer,
  ExhaustiveTask,
  ExhaustiveWorkerData,
} from './exhaustive-task.ts';

const WATCH_PERIOD_MS = 500;

/** An ordering whose schedules do not come out the same again. */
export class UnrepeatableError extends Error {
  override name = 'UnrepeatableError';
}

/** An ordering that broke something for which there is no schedule to show. */
export class BrokenElsewhereError extends Error {
  override name = 'BrokenElsewhereError';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.text);
    this.finding = finding;
  }
}

/** An ordering that did not come back from a call. */
export class HangingScheduleError extends Failure {
  override name = 'HangingScheduleError';

  /** The schedule whose last choice does not come back, where the task says which it tries; else empty. */
  readonly schedule: readonly string[];
  /** The member that was being made by `create` meanwhile, where the task says that; `null`: none. */
  readonly created: number | null;

  constructor(message: string, schedule: readonly string[], created: number | null) {
    super(message);
    this.schedule = schedule;
    this.created = created;
  }
}

/** One thread of the exhaustive search, which does one task at a time. */
export class ExhaustiveHand {
  readonly #thread: OrderingThread;
  readonly #life: HangWatch;
  readonly #beats: Uint32Array;
  readonly #tried = new TriedSchedule();

  /**
   * `hangMs` is longer than any schedule takes, so that after it the ordering has not come back from a call.
   */
  constructor(source: OrderingSource, { fresh = false, hangMs = HANG_MS } = {}) {
    const progress = new SharedArrayBuffer(4);
    const workerData: ExhaustiveWorkerData = { source, fresh, progress, tried: this.#tried.memory };
    const file = new URL('./exhaustive-worker.ts', import.meta.url);
    this.#thread = new OrderingThread(file, workerData);
    this.#beats = new Uint32Array(progress);
    this.#life = new HangWatch(() => this.#beats[0]!, hangMs);
  }

  /** Throws `Failure`, `UnrepeatableError`, `BrokenElsewhereError`, or the reason of the signal: then nothing more can be asked. */
  async perform<Name extends ExhaustiveTask['task']>(
    task: Extract<ExhaustiveTask, { task: Name }>,
    signal: AbortSignal,
  ): Promise<AnswerTo<Name>> {
    const hung = new AbortController();
    this.#tried.clear();
    const watch = this.#watch((failure) => hung.abort(failure));
    try {
      const answer = await answerFrom<ExhaustiveAnswer>(
        this.#thread.start(),
        task,
        'the search',
        AbortSignal.any([signal, hung.signal]),
      );
      if (answer.task === 'unrepeatable') throw new UnrepeatableError(answer.why);
      if (answer.task === 'elsewhere') throw new BrokenElsewhereError(answer.finding);
      return answer as AnswerTo<Name>;
    } finally {
      clearInterval(watch);
    }
  }

  async end(): Promise<void> {
    await this.#thread.end();
  }

  #watch(onHang: (failure: Failure) => void): NodeJS.Timeout {
    const beganMs = performance.now();
    this.#life.begin(beganMs);
    return setInterval(() => {
      const nowMs = performance.now();
      if (!this.#life.isHanging(nowMs)) return;
      // A thread that has not begun yet may be waiting for the machine, and not for the ordering.
      if (this.#beats[0] === 0 && nowMs - beganMs < HANG_MS) return;
      const seconds = this.#life.hangMs / 1_000;
      onHang(
        new HangingScheduleError(
          `no schedule came to its end within ${seconds} s: the ordering hangs`,
          this.#tried.read(),
          this.#tried.readCreation(),
        ),
      );
    }, WATCH_PERIOD_MS);
  }
}

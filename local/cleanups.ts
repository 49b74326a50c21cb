import { setTimeout as sleep } from 'node:timers/promises';

interface Cleanup {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/**
 * How long a step may take: longer than any that goes as it should, as peers have 5 s between SIGTERM
 * and SIGKILL.
 */
export const CLEANUP_MS_MAX = 8_000;

/** What has to be undone at the end, in the opposite order of doing. */
export class Cleanups {
  readonly #steps: Cleanup[] = [];
  readonly #onProblem: (note: string) => void;
  readonly #stepMsMax: number;

  constructor(onProblem: (note: string) => void, stepMsMax = CLEANUP_MS_MAX) {
    this.#onProblem = onProblem;
    this.#stepMsMax = stepMsMax;
  }

  /** `name` is what the note of a failure calls the step. */
  push(name: string, run: () => void | Promise<void>): void {
    this.#steps.push({ name, run });
  }

  /**
   * Never rejects: a step that fails, or is not done in time, is told of and must not keep the
   * others from running.
   */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await this.#runInTime(step);
      } catch (error) {
        this.#onProblem(`while stopping ${step.name}: ${String(error)}`);
      }
    }
  }

  async #runInTime({ name, run }: Cleanup): Promise<void> {
    const abort = new AbortController();
    const { signal } = abort;
    const late = sleep(this.#stepMsMax, true, { signal }).catch(() => false);
    const isLate = await Promise.race([Promise.resolve(run()).then(() => false), late]).finally(
      () => abort.abort(),
    );
    if (isLate) this.#onProblem(`${name} did not stop within ${this.#stepMsMax / 1_000} s`);
  }
}

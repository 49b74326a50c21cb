type Cleanup = () => void | Promise<void>;

/** What has to be undone at the end, in the opposite order of doing. */
export class Cleanups {
  readonly #steps: Cleanup[] = [];
  readonly #onProblem: (note: string) => void;

  constructor(onProblem: (note: string) => void) {
    this.#onProblem = onProblem;
  }

  push(step: Cleanup): void {
    this.#steps.push(step);
  }

  /** Never rejects: a step that fails is told of and must not keep the others from running. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        this.#onProblem(`while stopping: ${String(error)}`);
      }
    }
  }
}

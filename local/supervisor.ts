import {
  describeProcessEnd,
  startProcess,
  type ProcessEnd,
  type ProcessSpecification,
  type RunningProcess,
} from './processes.ts';

/** When a process that ended unexpectedly is started again: as a service manager would. */
export interface RestartPolicy {
  /**
   * Asked at each end, and again just before the start: a laboratory that is still starting restarts
   * nothing, and one that was told to exit meanwhile starts nothing any more.
   */
  readonly restart: () => boolean;
  /** The most restarts within `windowMs`; after them the process stays down. */
  readonly restartsMax: number;
  readonly windowMs: number;
  readonly delayMs: number;
  /** Whether an end with status 0 was asked for, by an exit command, and is left alone. */
  readonly mayEnd: boolean;
}

export const RESTART_DEFAULT: RestartPolicy = {
  restart: () => true,
  restartsMax: 5,
  windowMs: 60_000,
  delayMs: 500,
  mayEnd: true,
};

/** Why a supervised process is down for good. */
export interface Down {
  readonly name: string;
  readonly end: ProcessEnd;
  /** True when it ended by itself with status 0, or was stopped. */
  readonly expected: boolean;
}

/**
 * Keeps one process up: starts it again after an unexpected end, at a bounded rate.
 */
export class Supervisor {
  /** Resolves when the process is down and stays down. */
  readonly down: Promise<Down>;
  readonly #specify: () => ProcessSpecification;
  readonly #policy: RestartPolicy;
  readonly #onNote: (note: string) => unknown;
  readonly #restartsAtMs: number[] = [];
  #current: RunningProcess;
  #stopping = false;
  #wake: () => void = () => undefined;

  /** `specify` is asked at each start: a restarted process may need another environment. */
  static async start(
    specify: () => ProcessSpecification,
    policy: RestartPolicy,
    onNote: (note: string) => unknown,
  ): Promise<Supervisor> {
    return new Supervisor(await startProcess(specify()), specify, policy, onNote);
  }

  private constructor(
    first: RunningProcess,
    specify: () => ProcessSpecification,
    policy: RestartPolicy,
    onNote: (note: string) => unknown,
  ) {
    this.#current = first;
    this.#specify = specify;
    this.#policy = policy;
    this.#onNote = onNote;
    this.down = this.#watch();
  }

  /** The process as it runs now, or as it ended. */
  get current(): RunningProcess {
    return this.#current;
  }

  /** Ends the process and any restart under way. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#current.stop(graceMs);
    await this.down;
  }

  async #watch(): Promise<Down> {
    for (;;) {
      const end = await this.#current.ended;
      const name = this.#current.name;
      const isObedient = end.status === 0 && this.#policy.mayEnd;
      if (this.#stopping || isObedient) return { name, end, expected: true };
      if (!this.#mayRestart()) {
        this.#onNote(
          `${name} ${describeProcessEnd(end)} and stays down; see ${this.#current.logFile}`,
        );
        return { name, end, expected: false };
      }
      this.#onNote(`${name} ${describeProcessEnd(end)}; starting it again`);
      await this.#pause();
      if (this.#stopping) return { name, end, expected: true };
      if (!this.#policy.restart() || !(await this.#startAgain()))
        return { name, end, expected: false };
    }
  }

  async #startAgain(): Promise<boolean> {
    try {
      this.#current = await startProcess(this.#specify());
    } catch (error) {
      this.#onNote(`could not start it again: ${String(error)}`);
      return false;
    }
    // The supervisor was asked to stop while the process started: `stop` saw the process before this one.
    if (this.#stopping) await this.#current.stop(0);
    return true;
  }

  #mayRestart(): boolean {
    const nowMs = performance.now();
    const recent = this.#restartsAtMs.filter((atMs) => nowMs - atMs < this.#policy.windowMs);
    this.#restartsAtMs.splice(0, Infinity, ...recent, nowMs);
    return this.#policy.restart() && recent.length < this.#policy.restartsMax;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#policy.delayMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

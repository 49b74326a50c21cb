import type { RunProgress } from '../../control/runs/run-state.ts';

const LOOK_PERIOD_MS = 1_000;
/** A store that has room again before that is written after all: nothing that was delivered is lost until then. */
const STANDSTILL_MS_MAX = 3_000;

/** Notices that a run stands still because its store cannot be written. */
export class StandstillWatch {
  readonly #whyUnwritable: () => Promise<string | null>;
  #lookedAtMs = -Infinity;
  #sinceMs = 0;
  #figures: string | null = null;

  constructor(whyUnwritable: () => Promise<string | null>) {
    this.#whyUnwritable = whyUnwritable;
  }

  /** Why the run stands still; `null` while it does not, or may not for long. Looks once a second at most. */
  async look(progress: RunProgress, nowMs: number): Promise<string | null> {
    if (nowMs - this.#lookedAtMs < LOOK_PERIOD_MS) return null;
    this.#lookedAtMs = nowMs;
    const reason = await this.#whyUnwritable();
    const figures = reason === null ? null : figuresOf(progress);
    if (figures !== this.#figures) this.#sinceMs = nowMs;
    this.#figures = figures;
    return figures !== null && nowMs - this.#sinceMs >= STANDSTILL_MS_MAX ? reason : null;
  }
}

function figuresOf({ phase, deliveries, members }: RunProgress): string {
  const reports = members.filter(({ outcome }) => outcome !== null);
  return `${phase} ${deliveries} ${reports.length}`;
}

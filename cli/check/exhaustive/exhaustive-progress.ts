import { StatusLine } from '../../render/status-line.ts';
import { formatNumber } from '../../render/table.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { describeEstimate, nameOfScope } from './name-scope.ts';
import type { LevelProgress } from './search-scopes.ts';

/** The interval between lines where they cannot be rewritten. */
const LINE_PERIOD_MS = 5_000;

/** Shows how far a search has come, on one line that is rewritten, or in plain lines now and then. */
export class ExhaustiveProgress {
  readonly #ordering: string;
  readonly #startedMs = performance.now();
  readonly #line: StatusLine;

  constructor(terminal: Terminal, ordering: string) {
    this.#ordering = ordering;
    this.#line = new StatusLine(terminal, LINE_PERIOD_MS);
  }

  show(progress: LevelProgress): void {
    this.#line.show(`${this.#ordering}: ${this.#describe(progress)}`);
  }

  finish(): void {
    this.#line.clear();
  }

  #describe({ scope, level, schedules, estimate }: LevelProgress): string {
    const total = estimate === null ? '' : ` of ${describeEstimate(estimate)}`;
    const most = scope.losses + scope.crashes;
    const faults = most === 0 ? '' : `, ${level} of at most ${most} faults`;
    const seconds = ((performance.now() - this.#startedMs) / 1_000).toFixed(0);
    return `${nameOfScope(scope)}${faults}: ${formatNumber(schedules)}${total} schedules, ${seconds} s`;
  }
}

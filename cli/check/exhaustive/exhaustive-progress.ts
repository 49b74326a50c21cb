import { formatNumber } from '../../render/table.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { describeEstimate, nameOfScope } from './name-scope.ts';
import type { LevelProgress } from './search-scopes.ts';

/** The interval between lines where they cannot be rewritten. */
const LINE_PERIOD_MS = 5_000;

/** Shows how far a search has come, on one line that is rewritten, or in plain lines now and then. */
export class ExhaustiveProgress {
  readonly #terminal: Terminal;
  readonly #ordering: string;
  readonly #startedMs = performance.now();
  #shownMs = performance.now();

  constructor(terminal: Terminal, ordering: string) {
    this.#terminal = terminal;
    this.#ordering = ordering;
  }

  show(progress: LevelProgress): void {
    const { status } = this.#terminal;
    const line = `${this.#ordering}: ${this.#describe(progress)}`;
    if (status.isTTY) {
      status.write(`\r\u001b[K${line.slice(0, status.columns - 1)}`);
    } else if (performance.now() - this.#shownMs >= LINE_PERIOD_MS) {
      this.#shownMs = performance.now();
      this.#terminal.note(line);
    }
  }

  finish(): void {
    const { status } = this.#terminal;
    if (status.isTTY) status.write('\r\u001b[K');
  }

  #describe({ scope, level, schedules, estimate }: LevelProgress): string {
    const total = estimate === null ? '' : ` of ${describeEstimate(estimate)}`;
    const most = scope.losses + scope.crashes;
    const faults = most === 0 ? '' : `, ${level} of at most ${most} faults`;
    const seconds = ((performance.now() - this.#startedMs) / 1_000).toFixed(0);
    return `${nameOfScope(scope)}${faults}: ${formatNumber(schedules)}${total} schedules, ${seconds} s`;
  }
}

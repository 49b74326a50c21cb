import type { HowFar } from '../../simulation/simulate.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { StatusLine } from '../render/status-line.ts';
import { formatNumber } from '../render/table.ts';
import type { Terminal } from '../shell/terminal.ts';

/** Most runs are over before anybody would ask how far they are. */
const QUIET_MS = 1_000;
const PERIOD_MS = 500;
const LINE_PERIOD_MS = 5_000;

/** Shows how far a simulated run is, which knows no other process that could: it looks on while the run goes on. */
export class SimulationProgress {
  readonly #ordering: string;
  readonly #deliveries: number;
  readonly #startedMs = performance.now();
  readonly #line: StatusLine;
  #nextMs = this.#startedMs + QUIET_MS;

  constructor(terminal: Terminal, ordering: string, { peers, messages }: Scenario) {
    this.#ordering = ordering;
    this.#deliveries = peers * peers * messages;
    this.#line = new StatusLine(terminal, LINE_PERIOD_MS);
  }

  look(run: HowFar): void {
    const nowMs = performance.now();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + PERIOD_MS;
    const done = run.members.reduce((sum, { record }) => sum + record.distinct, 0);
    const seconds = ((nowMs - this.#startedMs) / 1_000).toFixed(1);
    const virtual = (run.nowUs / 1_000_000).toFixed(1);
    const count = `${formatNumber(done)} of ${formatNumber(this.#deliveries)} deliveries`;
    this.#line.show(
      `${this.#ordering}: ${count}, ${seconds} s (${virtual} s of virtual time)`,
      done / this.#deliveries,
    );
  }

  finish(): void {
    this.#line.clear();
  }
}

import { StatusLine } from '../render/status-line.ts';
import { formatNumber } from '../render/table.ts';
import type { Terminal } from '../shell/terminal.ts';

const LINE_PERIOD_MS = 5_000;

/** Shows how many of `total` schedules were run. */
export interface CountDisplay {
  show(done: number): void;
  finish(): void;
}

/** A bar that is rewritten on a terminal; elsewhere a plain line every few seconds. */
export function createCountDisplay(terminal: Terminal, name: string, total: number): CountDisplay {
  const startedMs = performance.now();
  const line = new StatusLine(terminal, LINE_PERIOD_MS);
  return {
    show(done) {
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
      const count = `${formatNumber(done)} of ${formatNumber(total)} schedules`;
      line.show(`${name}: ${count}, ${seconds} s`, total === 0 ? 1 : done / total);
    },
    finish: () => line.clear(),
  };
}

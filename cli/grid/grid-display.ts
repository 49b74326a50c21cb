import { StatusLine } from '../render/status-line.ts';
import { formatNumber } from '../render/table.ts';
import type { Terminal } from '../shell/terminal.ts';
import type { GridProgress } from './measure-grid.ts';

/** Grids take an hour: one line in this time is enough where it cannot be rewritten. */
const LINE_PERIOD_MS = 15_000;

export interface GridDisplay {
  show(progress: GridProgress): void;
  /** Leaves the line clean for what follows. */
  clear(): void;
}

/** A bar that is rewritten on a terminal; elsewhere a plain line every 15 s. */
export function createGridDisplay(terminal: Terminal): GridDisplay {
  const line = new StatusLine(terminal, LINE_PERIOD_MS, true);
  return {
    show: (progress) => line.show(renderGridProgress(progress), progress.done / progress.wanted),
    clear: () => line.clear(),
  };
}

/**
 * Progress in words, such as "37 of 150 runs, 1 failed, about 6 min left; unordered, 8 peers x 100: run
 * 3 of 10".
 */
export function renderGridProgress(progress: GridProgress): string {
  const { done, wanted, failed } = progress;
  const failures = failed === 0 ? '' : `, ${formatNumber(failed)} failed`;
  const left = describeDuration(progress.remainingMs);
  return (
    `${formatNumber(done)} of ${formatNumber(wanted)} runs${failures}, ${left} left; ` +
    progress.now
  );
}

/** A duration in words: "about 40 s", "about 6 min", "about 1 h 10 min". */
export function describeDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 90) return `about ${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `about ${minutes} min`;
  return `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

import type { RunProgress } from '../control/run-state.ts';
import { formatNumber } from './table.ts';
import type { Terminal } from './terminal.ts';

const BAR_CHARACTERS = 24;
const LINE_PERIOD_MS = 1_000;

/** Shows how far a run has come; `finish` leaves the line clean for what follows. */
export interface ProgressDisplay {
  show(progress: RunProgress, elapsedMs: number): void;
  finish(): void;
}

/** One line that is rewritten on a terminal; elsewhere plain lines, at most one a second. */
export function createProgressDisplay(terminal: Terminal): ProgressDisplay {
  return terminal.status.isTTY ? rewrittenLine(terminal.status) : plainLines(terminal);
}

/** Such as "[#####.....] 5,120 of 10,000 deliveries, 0 of 4 reports, 2.1 s". */
export function renderProgress(progress: RunProgress, elapsedMs: number, bar: boolean): string {
  const { deliveries, deliveriesExpected, members, phase } = progress;
  const reports = members.filter(({ outcome }) => outcome !== null).length;
  const figures =
    phase === 'joining'
      ? 'the peers look for each other'
      : `${formatNumber(deliveries)} of ${formatNumber(deliveriesExpected)} deliveries, ` +
        `${reports} of ${members.length} reports`;
  const drawn = bar ? `${renderBar(deliveries / deliveriesExpected)} ` : '';
  return `${drawn}${(elapsedMs / 1_000).toFixed(1)} s: ${figures}`;
}

function renderBar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_CHARACTERS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CHARACTERS - full)}]`;
}

function rewrittenLine(status: Terminal['status']): ProgressDisplay {
  let isDrawn = false;
  return {
    show(progress, elapsedMs) {
      const line = renderProgress(progress, elapsedMs, true).slice(0, status.columns - 1);
      status.write(`\r\u001b[K${line}`);
      isDrawn = true;
    },
    finish() {
      if (isDrawn) status.write('\r\u001b[K');
      isDrawn = false;
    },
  };
}

function plainLines(terminal: Terminal): ProgressDisplay {
  let last = '';
  let nextMs = 0;
  return {
    show(progress, elapsedMs) {
      const figures = renderProgress(progress, 0, false);
      if (elapsedMs < nextMs || figures === last) return;
      last = figures;
      nextMs = elapsedMs + LINE_PERIOD_MS;
      terminal.note(renderProgress(progress, elapsedMs, false));
    },
    finish() {
      last = '';
    },
  };
}

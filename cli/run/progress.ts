import type { RunProgress } from '../../control/runs/run-state.ts';
import { renderBar, StatusLine } from '../render/status-line.ts';
import { formatNumber } from '../render/table.ts';
import type { Terminal } from '../shell/terminal.ts';

const LINE_PERIOD_MS = 1_000;
/** A line that says the same again comes only so that a reader sees that it waits, and does not hang. */
const SAME_LINE_PERIOD_MS = 5_000;

/** Shows how far a run has come; `finish` leaves the line clean for what follows. */
export interface ProgressDisplay {
  /** `waiting` says whom the run waits for, where that is worth telling. */
  show(progress: RunProgress, elapsedMs: number, waiting?: string | null): void;
  finish(): void;
}

/** One line that is rewritten on a terminal; elsewhere plain lines, at most one a second, and one in five where nothing changes. */
export function createProgressDisplay(terminal: Terminal): ProgressDisplay {
  return terminal.status.isTTY ? rewrittenLine(terminal) : plainLines(terminal);
}

/** Such as "[#####.....] 5,120 of 10,000 deliveries, 0 of 4 reports, 2.1 s". */
export function renderProgress(
  progress: RunProgress,
  elapsedMs: number,
  bar: boolean,
  waiting: string | null = null,
): string {
  const { deliveries, deliveriesExpected, members, phase } = progress;
  const reports = members.filter(({ outcome }) => outcome !== null).length;
  const figures =
    phase === 'joining'
      ? 'the peers look for each other'
      : `${formatNumber(deliveries)} of ${formatNumber(deliveriesExpected)} deliveries, ` +
        `${reports} of ${members.length} reports`;
  const drawn = bar ? `${renderBar(deliveries / deliveriesExpected)} ` : '';
  const whom = waiting === null ? '' : `, ${waiting}`;
  return `${drawn}${(elapsedMs / 1_000).toFixed(1)} s: ${figures}${whom}`;
}

function rewrittenLine(terminal: Terminal): ProgressDisplay {
  const line = new StatusLine(terminal, LINE_PERIOD_MS);
  return {
    show(progress, elapsedMs, waiting = null) {
      // Whom it waits for is worth more than the bar, where the terminal has no room for both.
      const whole = renderProgress(progress, elapsedMs, true, waiting);
      const isTooLong = waiting !== null && whole.length >= terminal.status.columns;
      line.show(isTooLong ? renderProgress(progress, elapsedMs, false, waiting) : whole);
    },
    finish: () => line.clear(),
  };
}

function plainLines(terminal: Terminal): ProgressDisplay {
  let last = '';
  let shownMs = -Infinity;
  return {
    show(progress, elapsedMs, waiting = null) {
      const figures = renderProgress(progress, 0, false, waiting);
      const periodMs = figures === last ? SAME_LINE_PERIOD_MS : LINE_PERIOD_MS;
      if (elapsedMs < shownMs + periodMs) return;
      last = figures;
      shownMs = elapsedMs;
      terminal.note(renderProgress(progress, elapsedMs, false, waiting));
    },
    finish() {
      last = '';
      shownMs = -Infinity;
    },
  };
}

import { formatNumber } from '../render/table.ts';
import type { Terminal } from '../shell/terminal.ts';

const BAR_CHARACTERS = 24;
/** The interval between lines where they cannot be rewritten: one every few seconds is enough. */
const LINE_PERIOD_MS = 5_000;

/** Shows how many of `total` schedules were run. */
export interface CountDisplay {
  show(done: number): void;
  finish(): void;
}

/** A bar that is rewritten on a terminal; elsewhere a plain line every few seconds. */
export function createCountDisplay(terminal: Terminal, name: string, total: number): CountDisplay {
  const startedMs = Date.now();
  let shownMs = startedMs;
  const render = (done: number): string => {
    const seconds = ((Date.now() - startedMs) / 1_000).toFixed(1);
    return `${name}: ${formatNumber(done)} of ${formatNumber(total)} schedules, ${seconds} s`;
  };
  const { status } = terminal;
  return {
    show(done) {
      if (status.isTTY) {
        const line = `${renderBar(total === 0 ? 1 : done / total)} ${render(done)}`;
        status.write(`\r\u001b[K${line.slice(0, status.columns - 1)}`);
      } else if (Date.now() - shownMs >= LINE_PERIOD_MS) {
        shownMs = Date.now();
        terminal.note(render(done));
      }
    },
    finish() {
      if (status.isTTY) status.write('\r\u001b[K');
    },
  };
}

function renderBar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_CHARACTERS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CHARACTERS - full)}]`;
}

import type { Terminal } from '../shell/terminal.ts';

const BAR_CHARACTERS = 24;

/** One line that tells how far something is: rewritten on a terminal, elsewhere a plain line now and then. */
export class StatusLine {
  readonly #terminal: Terminal;
  readonly #periodMs: number;
  #shownMs: number;
  #isDrawn = false;

  /** `periodMs`: the time between plain lines, and before the first one, unless it comes `atOnce`. */
  constructor(terminal: Terminal, periodMs: number, atOnce = false) {
    this.#terminal = terminal;
    this.#periodMs = periodMs;
    this.#shownMs = atOnce ? -Infinity : performance.now();
  }

  /** `share`: how much is done, 0 to 1, for a bar where the line is rewritten; `null` where nobody knows. */
  show(text: string, share: number | null = null): void {
    const { status } = this.#terminal;
    if (status.isTTY) {
      const line = share === null ? text : `${renderBar(share)} ${text}`;
      status.write(`\r\u001b[K${line.slice(0, status.columns - 1)}`);
      this.#isDrawn = true;
    } else if (performance.now() - this.#shownMs >= this.#periodMs) {
      this.#shownMs = performance.now();
      this.#terminal.note(text);
    }
  }

  /** Leaves the line clean for what follows. */
  clear(): void {
    if (this.#isDrawn) this.#terminal.status.write('\r\u001b[K');
    this.#isDrawn = false;
  }
}

export function renderBar(share: number): string {
  const full = Math.floor(Math.min(1, Math.max(0, share)) * BAR_CHARACTERS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CHARACTERS - full)}]`;
}

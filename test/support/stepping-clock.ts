import { readFileSync } from 'node:fs';

/**
 * Loaded before a process's own program (`node --import`), this sets the time of day of that process by
 * as many milliseconds as the file named in STEPPING_CLOCK_FILE says, as soon as it says so; the steady
 * clock goes on. So a test can set the clock of a whole laboratory, and of nobody else.
 */
const file = process.env['STEPPING_CLOCK_FILE'] ?? '';
const realNow = Date.now.bind(Date);
const RealDate = Date;

function stepMs(): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function steppedNow(): number {
  return realNow() + stepMs();
}

globalThis.Date = class extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(steppedNow());
    else super(...(given as [number]));
  }
  static override now = steppedNow;
} as DateConstructor;

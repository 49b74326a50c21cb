import { constants } from 'node:os';
import { Interrupted } from './failure.ts';
import type { Terminal } from './terminal.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Two signals within this time are one: Ctrl-C reaches a process both directly and through its parent. */
const REPEAT_MS_MIN = 500;

/** A laboratory stops in order within this time, or its processes are killed with this one. */
const STOP_MS_MAX = 15_000;

/**
 * Aborted by SIGINT, SIGTERM and SIGHUP, with an `Interrupted` as its reason. The first signal stops
 * in order; one that follows it, or `stopMsMax` without an end, ends the process at once, and its
 * children with it.
 */
export function signalOfInterruption(
  terminal: Pick<Terminal, 'note'>,
  stopMsMax = STOP_MS_MAX,
): AbortSignal {
  const abort = new AbortController();
  let firstMs = 0;
  for (const name of SIGNALS) {
    const endAtOnce = () => process.exit(128 + constants.signals[name]);
    process.on(name, () => {
      if (abort.signal.aborted && Date.now() - firstMs > REPEAT_MS_MIN) endAtOnce();
      if (abort.signal.aborted) return;
      firstMs = Date.now();
      terminal.note('Stopping; again to end at once.');
      setTimeout(() => {
        terminal.note(`Not stopped in order within ${stopMsMax / 1_000} s: ending at once.`);
        endAtOnce();
      }, stopMsMax).unref();
      abort.abort(new Interrupted(name));
    });
  }
  return abort.signal;
}

/**
 * From now on Ctrl-C ends this process at once, and its threads and programs with it: whoever computes for long in one go, or
 * waits for a program's answers, runs no handler that could end it in order.
 */
export function endAtOnceOnSignals(): void {
  for (const name of SIGNALS) process.removeAllListeners(name);
}

/**
 * What the thread that talks to a program (exec-process.ts) and the one that watches over it
 * (exec-watchdog.ts) share: a few numbers, and the end of what the program wrote to standard error.
 */
export const STDERR_BYTES_MAX = 2_048;

/** Places in `SharedState.numbers`. */
export const State = {
  /** Odd while an answer is awaited; grows by one at the beginning and at the end of each wait. */
  exchange: 0,
  /** After how many ticks of the watchdog the answer awaited is late. */
  ticksMax: 1,
  /** 1 once the program was started, or its start was found impossible. */
  begun: 2,
  /** One of `End`; the fields below hold once it is not `none`. */
  end: 3,
  /** Exit status, or the number of the signal if `signalled` is 1. */
  status: 4,
  signalled: 5,
  stderrBytes: 6,
} as const;

/** How it ended, if it did. */
export const End = { none: 0, exited: 1, late: 2, unstartable: 3 } as const;

const NUMBERS = 8;

export interface SharedState {
  readonly numbers: Int32Array;
  /** UTF-8; the first `State.stderrBytes` of them hold. */
  readonly stderr: Uint8Array;
}

/** Memory for one program. */
export function createSharedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * NUMBERS + STDERR_BYTES_MAX);
}

export function viewOf(memory: SharedArrayBuffer): SharedState {
  return {
    numbers: new Int32Array(memory, 0, NUMBERS),
    stderr: new Uint8Array(memory, 4 * NUMBERS),
  };
}

/** How often the watchdog looks: the precision of deadlines. */
export const TICK_MS = 50;

/** What the watchdog writes behind a program's last output: no JSON text contains this byte. */
export const END_MARK = '\u0000\n';
export const END_MARK_BYTE = 0;

/** What a reader writes behind all that is in the pipe, to read to there without waiting; no JSON text contains it either. */
export const LOOK_MARK = '\u0001';

/** What the watchdog is told. */
export type WatchdogCommand =
  | {
      readonly kind: 'start';
      readonly id: number;
      /** A command line for `sh -c`. */
      readonly command: string;
      /** A directory of its own that holds the named pipes `in` and `out`; the watchdog removes it. */
      readonly directory: string;
      readonly memory: SharedArrayBuffer;
    }
  | { readonly kind: 'stop'; readonly id: number };

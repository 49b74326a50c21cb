import {
  describeOutOfMemory,
  isOutOfMemory,
  startOrderingThread,
} from '../ordering/ordering-thread.ts';
import { formatNumber } from '../render/table.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { HangWatch } from '../shell/hang-watch.ts';
import { PLAIN } from '../shell/terminal.ts';
import { type SimulateOptions, STEP_NAMES } from './simulate-once.ts';
import type { SimulateWorkerData, SimulateWorkerMessage } from './simulate-worker.ts';

const WATCH_PERIOD_MS = 250;
/**
 * The longest time of one call of an ordering, the same as in a check: no call takes a hundredth of it,
 * unless it loops.
 */
const HANG_MS = 60_000;

/**
 * Simulates on a thread of its own, and ends it when one call of the ordering, or the loading of its
 * file, takes longer than `hangMs`. Gives the exit status. Throws
 * what the simulation throws, or the signal's reason.
 */
export async function simulateWatched(
  { terminal, signal }: Context,
  options: SimulateOptions,
  hangMs = HANG_MS,
): Promise<number> {
  signal.throwIfAborted();
  const progress = new SharedArrayBuffer(16);
  const workerData: SimulateWorkerData = { options, isPlain: terminal.paint === PLAIN, progress };
  const worker = startOrderingThread(new URL('./simulate-worker.ts', import.meta.url), workerData);
  const steps = new Uint32Array(progress);
  const stuck = watchSteps(steps, hangMs);
  try {
    return await new Promise<number>((resolve, reject) => {
      worker.on('message', (message: SimulateWorkerMessage) => {
        if ('data' in message) terminal.data(message.data);
        else if ('note' in message) terminal.note(message.note);
        else resolve(message.status);
      });
      worker.on('error', (error: Error) => {
        if (!isOutOfMemory(error)) return reject(error);
        terminal.note(describeGrowth(options.ordering, steps));
        resolve(EXIT.broken);
      });
      worker.on('exit', () => reject(new Failure('the thread of the simulation ended too early')));
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      void stuck.found.then((calls) => {
        terminal.note(describeLoop(options.ordering, calls, hangMs));
        resolve(EXIT.broken);
      });
    });
  } finally {
    stuck.stop();
    await worker.terminate();
  }
}

/** `found` tells after how many calls the ordering did not come back for `hangMs`. */
function watchSteps(steps: Uint32Array, hangMs: number) {
  const life = new HangWatch(() => steps[1]!, hangMs);
  let timer: NodeJS.Timeout;
  const found = new Promise<number>((resolve) => {
    timer = setInterval(() => {
      const isRunning = steps[0]! === 1;
      if (!isRunning) life.begin(performance.now());
      else if (life.isHanging(performance.now())) resolve(steps[1]!);
    }, WATCH_PERIOD_MS);
  });
  return { found, stop: () => clearInterval(timer) };
}

function describeGrowth(ordering: string, steps: Uint32Array): string {
  const [, calls, member, method] = steps;
  const where = placeOf(calls!, `, ${STEP_NAMES[method!]} of peer ${member}, or just after`);
  return (
    `The ordering in ${ordering} ${describeOutOfMemory()}, ${where}: what it ` +
    'keeps grows without a bound. Nothing of this run is judged.'
  );
}

function describeLoop(ordering: string, calls: number, hangMs: number): string {
  return (
    `The ordering in ${ordering} did not come back within ${hangMs / 1_000} s, ${placeOf(calls)}: it seems to loop ` +
    'without an end. Nothing of this run is judged.'
  );
}

/** In which call of the ordering, 0 being none yet; `more` is what is known of the call. */
function placeOf(calls: number, more = ''): string {
  return calls === 0
    ? 'while it was loaded or created'
    : `in call ${formatNumber(calls)} of it${more}`;
}

import { parentPort, workerData } from 'node:worker_threads';
import { COLOURED, PLAIN } from '../shell/terminal.ts';
import { simulateOnce, type SimulateOptions, type SimulationWatch } from './simulate-once.ts';

/** What the thread is started with. */
export interface SimulateWorkerData {
  readonly options: SimulateOptions;
  readonly isPlain: boolean;
  /** Two numbers: 1 while the ordering's code runs, else 0; and how often it was called, modulo 2^32. */
  readonly progress: SharedArrayBuffer;
}

export type SimulateWorkerMessage =
  { readonly data: string } | { readonly note: string } | { readonly status: number };

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  const { options, isPlain, progress } = workerData as SimulateWorkerData;
  const say = (message: SimulateWorkerMessage): void => port.postMessage(message);
  const steps = new Uint32Array(progress);
  const watch: SimulationWatch = {
    begin: () => void (steps[0] = 1),
    step: () => void (steps[1]! += 1),
    end: () => void (steps[0] = 0),
  };
  const terminal = {
    data: (data: string) => say({ data }),
    note: (note: string) => say({ note }),
    status: { isTTY: false, columns: 80, write: () => undefined },
    paint: isPlain ? PLAIN : COLOURED,
  };
  // What it throws ends the thread, and comes out where the thread is waited for.
  say({ status: await simulateOnce(terminal, options, watch) });
}

if (parentPort !== null) await main(parentPort);

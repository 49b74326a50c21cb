import { parentPort, workerData } from 'node:worker_threads';
import { resolve } from 'node:path';
import { explainThrow } from '../../custom/explain-throw.ts';
import { findingOfLate, type LateError, LateErrors } from '../ordering/late-errors.ts';
import { spareProcess } from '../ordering/spare-process.ts';
import { EXIT } from '../shell/failure.ts';
import { COLOURED, PLAIN } from '../shell/terminal.ts';
import {
  simulateOnce,
  type SimulateOptions,
  type SimulationWatch,
  STEP_NAMES,
} from './simulate-once.ts';

/** What the thread is started with. */
export interface SimulateWorkerData {
  readonly options: SimulateOptions;
  readonly isPlain: boolean;
  /**
   * Four numbers: 1 while the ordering's code runs, else 0; how often it was called, modulo 2^32; the member that was called
   * last; and by which method of `STEP_NAMES`.
   */
  readonly progress: SharedArrayBuffer;
}

export type SimulateWorkerMessage =
  | { readonly data: string }
  | { readonly note: string }
  | { readonly status: number };

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  const { options, isPlain, progress } = workerData as SimulateWorkerData;
  const say = (message: SimulateWorkerMessage): void => port.postMessage(message);
  const steps = new Uint32Array(progress);
  const errors = new LateErrors();
  const tellLate = async (): Promise<string | null> => {
    const late = await errors.take(true);
    return late === null ? null : describeLate(options.ordering, late);
  };
  const watch: SimulationWatch = {
    begin: () => void (steps[0] = 1),
    step: (member, method) => {
      steps[1]! += 1;
      steps[2] = member;
      steps[3] = STEP_NAMES.indexOf(method);
    },
    beat: () => void (steps[1]! += 1),
    late: tellLate,
    end: () => void (steps[0] = 0),
  };
  const terminal = {
    data: (data: string) => say({ data }),
    note: (note: string) => say({ note }),
    status: { isTTY: false, columns: 80, write: () => undefined },
    paint: isPlain ? PLAIN : COLOURED,
  };
  spareProcess();
  try {
    const status = await simulateOnce(terminal, options, watch);
    // What a timer throws that was due only while the types were checked.
    const later = await tellLate();
    if (later !== null) terminal.note(`\n${later}`);
    // What the ordering printed must have left before the thread is ended.
    await new Promise<void>((done) => process.stdout.write('', () => done()));
    say({ status: later === null ? status : EXIT.broken });
  } catch (error) {
    // It ends the thread, and comes out where the thread is waited for.
    errors.stop();
    throw error;
  }
}

function describeLate(ordering: string, late: LateError): string {
  const file = resolve(ordering);
  const explain = (error: unknown): string => explainThrow(error, file);
  return `Not in the run: ${findingOfLate({ explain }, late).text}`;
}

if (parentPort !== null) await main(parentPort);

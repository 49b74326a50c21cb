import { messageFrom } from '../shared/message-from.ts';
import { askerOf, type WorkerAsker } from '../workers/ask-worker.ts';
import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import type { CheckedShare, ShownCounterexample } from './check-own.ts';

/** How a check stands. */
export type CheckState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running';
      readonly done: number;
      readonly of: number;
      readonly workers: number;
    }
  | { readonly phase: 'shrinking'; readonly seed: number }
  | { readonly phase: 'passed'; readonly seeds: number }
  | {
      readonly phase: 'failed';
      readonly shown: ShownCounterexample;
      /** Whether the text was changed since, so that this is about what it was before. */
      readonly isOfBefore?: boolean;
    }
  | { readonly phase: 'refused'; readonly message: string };

/** A check that can be stopped. */
export interface RunningCheck {
  stop(): void;
}

const SEEDS_A_SHARE = 10;
const WORKERS_MAX = 8;

type Failing = NonNullable<CheckedShare['failing']>;
type Pool = readonly WorkerAsker<SimulationQuestion, SimulationAnswer>[];

/** Checks an ordering under the schedules of seeds 0 to `seeds - 1`, on all processors. */
export function startCheck(
  javascript: string,
  seeds: number,
  onState: (state: CheckState) => void,
): RunningCheck {
  const count = Math.max(1, Math.min(WORKERS_MAX, navigator.hardwareConcurrency));
  const pool: Pool = Array.from({ length: count }, () => askerOf('own'));
  const close = (): void => pool.forEach((asker) => asker.close());
  let isStopped = false;
  const tell = (state: CheckState): void => {
    if (!isStopped) onState(state);
  };
  void runCheck(pool, javascript, seeds, tell)
    .catch((error: unknown) => tell({ phase: 'refused', message: messageFrom(error) }))
    .finally(close);
  return {
    stop: () => {
      isStopped = true;
      close();
    },
  };
}

async function runCheck(
  pool: Pool,
  javascript: string,
  seeds: number,
  tell: (state: CheckState) => void,
): Promise<void> {
  let [next, done] = [0, 0];
  const found: Failing[] = [];
  const tellDone = (): void => tell({ phase: 'running', done, of: seeds, workers: pool.length });
  const work = async (asker: Pool[number]): Promise<void> => {
    while (next < seeds && found.length === 0) {
      const first = next;
      const count = Math.min(SEEDS_A_SHARE, seeds - first);
      next += count;
      const answer = await asker.ask({ want: 'check', javascript, first, count });
      if (answer === null) throw new Error('the check was stopped');
      const share = answer as CheckedShare;
      done += share.seeds;
      if (share.failing !== null) found.push(share.failing);
      tellDone();
    }
  };
  tellDone();
  await Promise.all(pool.map(work));
  const first = found.sort((a, b) => a.seed - b.seed)[0];
  if (first === undefined) return tell({ phase: 'passed', seeds: done });
  tell({ phase: 'shrinking', seed: first.seed });
  const shown = await pool[0]!.ask({ want: 'shrink', javascript, failing: first });
  tell({ phase: 'failed', shown: shown as ShownCounterexample });
}

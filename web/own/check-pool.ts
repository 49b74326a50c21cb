import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import { WorkerPool, WorkerSilent } from '../workers/worker-pool.ts';
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
  | { readonly phase: 'failed'; readonly shown: ShownCounterexample }
  | { readonly phase: 'refused'; readonly message: string };

/** A check that can be stopped. */
export interface RunningCheck {
  stop(): void;
}

const SEEDS_A_SHARE = 10;
/**
 * The longest time of a question: ten schedules take a second at most, and shrinking has a bound of its
 * own.
 */
const TIMEOUT_MS = 60_000;

type Failing = NonNullable<CheckedShare['failing']>;
type Pool = WorkerPool<SimulationQuestion, SimulationAnswer>;

/** Checks an ordering under the schedules of seeds 0 to `seeds - 1`, on all processors. */
export function startCheck(
  javascript: string,
  seeds: number,
  onState: (state: CheckState) => void,
): RunningCheck {
  const pool: Pool = new WorkerPool('simulation', TIMEOUT_MS);
  let isStopped = false;
  const tell = (state: CheckState): void => {
    if (!isStopped) onState(state);
  };
  void runCheck(pool, javascript, seeds, tell)
    .catch((error: unknown) => tell({ phase: 'refused', message: explain(error) }))
    .finally(() => pool.close());
  return {
    stop: () => {
      isStopped = true;
      pool.close();
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
  const work = async (place: number): Promise<void> => {
    while (next < seeds && found.length === 0) {
      const first = next;
      const count = Math.min(SEEDS_A_SHARE, seeds - first);
      next += count;
      const share = (await pool.ask(place, {
        want: 'check',
        javascript,
        first,
        count,
      })) as CheckedShare;
      done += share.seeds;
      if (share.failing !== null) found.push(share.failing);
      tell({ phase: 'running', done, of: seeds, workers: pool.size });
    }
  };
  tell({ phase: 'running', done: 0, of: seeds, workers: pool.size });
  await Promise.all(Array.from({ length: pool.size }, (_, place) => work(place)));
  const first = found.sort((a, b) => a.seed - b.seed)[0];
  if (first === undefined) return tell({ phase: 'passed', seeds: done });
  tell({ phase: 'shrinking', seed: first.seed });
  const shown = await pool.ask(0, { want: 'shrink', javascript, failing: first });
  tell({ phase: 'failed', shown: shown as ShownCounterexample });
}

function explain(error: unknown): string {
  if (error instanceof WorkerSilent) {
    return `The ordering did not come to an end: ${error.message}. Something in it goes on for ever outside a loop.`;
  }
  return error instanceof Error ? error.message : String(error);
}

import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PairBoard, sharePairs } from '../../../cli/compare/pair-board.ts';
import { createPairThreads } from '../../../cli/compare/pair-threads.ts';
import { createRandom } from '../../../core/base/random.ts';
import { compareDeliveries, type PeerLog } from '../../../core/judge/comparison.ts';
import { ONE_HAND, type PairJob } from '../../../core/judge/pairs/pair-jobs.ts';
import { logOf, type Event } from '../../core/judge/logs.ts';

const PEERS = 5;
const MESSAGES = 300;

/** Logs that are shuffled, without some messages, with repetitions; two of them are equal. */
function createLogs(): PeerLog[] {
  const logs = Array.from({ length: PEERS - 1 }, (_, peer) => logOf(deliveriesOf(peer)));
  return [...logs, logOf(deliveriesOf(1))];
}

function deliveriesOf(peer: number): Event[] {
  const random = createRandom(3, peer);
  const events = Array.from({ length: PEERS * MESSAGES }, (_, i): Event => [
    i % PEERS,
    Math.floor(i / PEERS),
  ]);
  for (let i = events.length - 1; i > 0; i -= 1) {
    const other = i - Math.floor(random() * Math.min(i + 1, 90));
    [events[i], events[other]] = [events[other]!, events[i]!];
  }
  return [...events.slice(0, -peer * 7 || undefined), ...events.slice(0, peer * 5)];
}

/** Jobs of threads that share their columns, as `compareDeliveries` gives them. */
function jobsOf(logs: readonly PeerLog[]): readonly PairJob[] {
  let jobs: readonly PairJob[] = [];
  const { allocate } = createPairThreads({ threads: 2 });
  const begin: typeof ONE_HAND.begin = (given) => {
    jobs = given;
    return ONE_HAND.begin(given);
  };
  compareDeliveries(logs, MESSAGES, null, {}, { allocate, begin });
  return jobs;
}

test('a comparison by several threads is the same as by one', () => {
  const logs = createLogs();
  const alone = compareDeliveries(logs, MESSAGES);
  const together = compareDeliveries(
    logs,
    MESSAGES,
    null,
    {},
    createPairThreads({ threads: 3, workMin: 0 }),
  );
  expect(alone.pairs.filter(({ discordant }) => discordant > 0)).toHaveLength(9);
  expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
});

test('a thread does all the jobs that are left to it', async () => {
  const shared = sharePairs(jobsOf(createLogs()));
  const url = new URL('../../../cli/compare/pair-worker.ts', import.meta.url);
  await once(new Worker(url, { workerData: shared }), 'exit');
  const done = [...shared.state].slice(1);
  expect(done).toEqual(Array<number>(6).fill(1));
  expect(new PairBoard(shared).collect(0)).toEqual(ONE_HAND.begin(shared.jobs)());
});

test('a job of a thread that died is done by the thread that waits for it', () => {
  const shared = sharePairs(jobsOf(createLogs()));
  Atomics.add(shared.state, 0, 2);
  const board = new PairBoard(shared);
  board.workOn();
  expect([...shared.state].slice(1)).toEqual([0, 0, 1, 1, 1, 1]);
  expect(board.collect(1)).toEqual(ONE_HAND.begin(shared.jobs)());
});

test('where there is one processor, no memory is shared and no thread begun', () => {
  expect(createPairThreads({ threads: 1 })).toBe(ONE_HAND);
});

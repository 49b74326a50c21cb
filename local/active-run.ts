import { setTimeout as sleep } from 'node:timers/promises';
import { leaseSchema, paths, runSchema } from '../control/documents.ts';
import type { Backend, Store, Transaction } from '../control/ports.ts';
import { readProgress } from '../control/runs/run-state.ts';

const COMPARE_MS_MAX = 5_000;
const POLL_MS = 50;

/**
 * Ends the lease of a run that a laboratory left behind when it was killed: its members are gone, and
 * the next run need not wait for its deadline. Only for a laboratory that has the store to itself.
 */
export async function endForsakenLease(store: Store, nowMs: number): Promise<void> {
  await store.transact(async (transaction: Transaction) => {
    const lease = leaseSchema.safeParse((await transaction.read(paths.lease))?.fields);
    if (!lease.success || lease.data.untilMs < nowMs) return;
    transaction.replace(paths.lease, { runId: lease.data.runId, untilMs: nowMs - 1 });
  });
}

/**
 * Waits, once the peers have stopped, for the comparison of the run that they abandoned, if all have
 * reported, for at most 5 s. A run that is not compared by then is compared as soon as a laboratory is up again.
 */
export async function awaitLastComparison({ store, clock }: Backend): Promise<void> {
  const lease = leaseSchema.safeParse((await store.read(paths.lease))?.fields);
  if (!lease.success) return;
  const run = runSchema.safeParse((await store.read(paths.run(lease.data.runId)))?.fields);
  if (!run.success) return;
  const untilMs = performance.now() + COMPARE_MS_MAX;
  while (performance.now() < untilMs) {
    const { phase } = await readProgress(store, run.data.plan, clock());
    if (phase !== 'comparing') return;
    await sleep(POLL_MS);
  }
}

import { beforeEach, describe, expect, test } from '@jest/globals';
import { beginRun } from '../../../control/runs/begin-run.ts';
import { closeRun } from '../../../control/runs/close-run.ts';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { expireRuns } from '../../../control/runs/expire-runs.ts';
import { UPLOAD_GRACE_MS } from '../../../control/limits.ts';
import { UnavailableError } from '../../../control/unavailable.ts';
import {
  beginContext,
  begunRun,
  NOW_MS,
  registerPeers,
  registryEntry,
  runRequest,
  uploadMember,
} from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let backend: MemoryBackend;
let plan: RunPlan;
let settled: Set<string>;

const NOTHING = { closed: [], failed: [], defects: [] };

beforeEach(async () => {
  backend = new MemoryBackend();
  plan = await begunRun(backend);
  settled = new Set();
});

/** Calls the schedule at `nowMs`; whenever it pauses, time passes, and `meanwhile` is called with what is then. */
function expire(nowMs: number, meanwhile?: (nowMs: number) => Promise<void>) {
  let ms = nowMs;
  const pause = async (pauseMs: number) => {
    ms += pauseMs;
    await meanwhile?.(ms);
  };
  const clock = () => ms;
  return expireRuns({ store: backend.store, clock, pause, close: closeRun, settled });
}

/** Begins a run anew that may last for long. */
async function beginLongRun(): Promise<void> {
  backend = new MemoryBackend();
  await registerPeers(backend, 3);
  const request = runRequest({ peers: 3, messages: 2, deadlineMs: 3_600_000 });
  const begun = await beginRun(beginContext(backend), request, null);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  ({ plan } = begun);
}

describe('the schedule', () => {
  test('closes a run whose time is over, and names who was missing', async () => {
    await uploadMember(backend, plan, 1);
    const overMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    await registerPeers(backend, 3, overMs);
    expect(await expire(overMs - 1)).toEqual(NOTHING);
    const missing = [0, 2].map((member) => ({
      peerId: plan.members[member]!.peerId,
      zone: plan.members[member]!.zone,
      standing: 'silent',
    }));
    expect(await expire(overMs)).toEqual({ ...NOTHING, closed: [{ runId: plan.runId, missing }] });
    expect(await expire(overMs)).toEqual(NOTHING);
  });

  test('does not take peers for dead whose heartbeats an outage of the store kept out', async () => {
    await beginLongRun();
    // The call waited for the store as the peers did, and reads what was written before the outage.
    const backMs = NOW_MS + 30_000;
    const beat = async (nowMs: number) => {
      if (nowMs === backMs + 5_000) await registerPeers(backend, 3, nowMs);
    };
    expect(await expire(backMs, beat)).toEqual(NOTHING);
    expect(await backend.store.read(paths.comparison(plan.runId))).toBeUndefined();
  });

  test('watches a run whose members seem to be gone, and closes it in the same call', async () => {
    await beginLongRun();
    let watchedMs = 0;
    const goneMs = NOW_MS + 30_000;
    const { closed } = await expire(goneMs, async (nowMs) => void (watchedMs = nowMs - goneMs));
    expect(closed.map(({ runId }) => runId)).toEqual([plan.runId]);
    expect(watchedMs).toBe(7_000);
  });

  test('does not wait for peers whose heartbeats come', async () => {
    await beginLongRun();
    await registerPeers(backend, 3, NOW_MS + 30_000);
    const never = () => Promise.reject(new Error('it paused'));
    expect(await expire(NOW_MS + 35_000, never)).toEqual(NOTHING);
  });

  test('closes a run whose member left and was ended before it had reported', async () => {
    await beginLongRun();
    await uploadMember(backend, plan, 0);
    await uploadMember(backend, plan, 1);
    await registerPeers(backend, 2, NOW_MS + 30_000);
    const leaving = { ...registryEntry(3, 0), leftAtMs: NOW_MS + 2_000 };
    await backend.store.replace(paths.peer('peer-3'), leaving);
    expect(await expire(NOW_MS + 9_000)).toEqual(NOTHING);
    expect((await expire(NOW_MS + 10_000)).closed.map(({ runId }) => runId)).toEqual([plan.runId]);
  });

  test('closes a run whose last event was lost', async () => {
    for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
    const { closed } = await expire(NOW_MS);
    expect(closed).toEqual([{ runId: plan.runId, missing: [] }]);
  });

  test('closes a run that was recorded and never published', async () => {
    await backend.store.create(paths.comparison(plan.runId), {});
    backend.faults.order('publish');
    const lost = await beginRun(beginContext(backend), runRequest(), null);
    expect(lost.outcome).toBe('unpublished');
    const laterMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    expect((await expire(laterMs)).closed).toHaveLength(1);
    await registerPeers(backend, 3, laterMs);
    const next = await beginRun(beginContext(backend, { nowMs: laterMs }), runRequest(), null);
    expect(next.outcome).toBe('begun');
  });

  test('does not read again what it knows to be compared', async () => {
    const laterMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    await expire(laterMs);
    const reads = backend.store.calls['read'];
    await expire(laterMs);
    expect(backend.store.calls['read']).toBe(reads);
    backend.store.documents.delete(paths.run(plan.runId));
    await expire(laterMs);
    expect(settled.size).toBe(0);
  });

  test('goes on after a run that cannot be read now', async () => {
    await backend.store.create(paths.run('20200101-000000-00000000'), { plan: {}, backend: '' });
    backend.faults.order('read');
    const laterMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    const { closed, failed } = await expire(laterMs);
    expect(failed).toEqual(['20200101-000000-00000000']);
    expect(closed.map(({ runId }) => runId)).toEqual([plan.runId]);
  });

  test('goes on after runs that cannot be compared at all, and tells all of them', async () => {
    const others = ['20200101-000000-00000000', '20200101-000000-00000001'];
    for (const other of others) await backend.store.create(paths.run(other), { plan: {} });
    const laterMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    const error = new TypeError('a defect');
    const close: typeof closeRun = (context, runId) =>
      others.includes(runId) ? Promise.reject(error) : closeRun(context, runId);
    const never = () => Promise.reject(new Error('nothing is in doubt'));
    const expiry = await expireRuns({
      store: backend.store,
      clock: () => laterMs,
      pause: never,
      close,
      settled,
    });
    expect(expiry.closed.map(({ runId }) => runId)).toEqual([plan.runId]);
    expect(expiry.defects).toEqual(others.map((runId) => ({ runId, error })));
    expect([expiry.failed, settled.has(plan.runId)]).toEqual([[], true]);
  });

  test('fails when there is no list of runs', async () => {
    backend.faults.order('list');
    await expect(expire(NOW_MS)).rejects.toThrow(UnavailableError);
  });
});

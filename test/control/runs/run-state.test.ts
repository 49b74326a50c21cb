import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../../control/limits.ts';
import { ProgressReader, readProgress } from '../../../control/runs/run-state.ts';
import {
  begunRun,
  fullLog,
  NOW_MS,
  report,
  uploadChunks,
  uploadReport,
} from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let backend: MemoryBackend;
let plan: RunPlan;

beforeEach(async () => {
  backend = new MemoryBackend();
  plan = await begunRun(backend);
});

function progress(nowMs = NOW_MS) {
  return readProgress(backend.store, plan, nowMs);
}

async function reportAll(): Promise<void> {
  for (const [member, { peerId }] of plan.members.entries()) {
    await uploadReport(backend, plan, peerId, report(plan, member, { outcome: 'settled' }));
  }
}

describe('the state of a run', () => {
  test('goes from joining to compared', async () => {
    expect(await progress()).toMatchObject({
      phase: 'joining',
      deliveries: 0,
      deliveriesExpected: 18,
    });
    await uploadChunks(backend, plan, 'peer-2', fullLog(plan));
    const running = await progress();
    expect(running).toMatchObject({ phase: 'running', deliveries: 6 });
    expect(running.members[1]).toMatchObject({ deliveries: 6, multicasts: 2, outcome: null });
    await reportAll();
    const comparing = await progress();
    expect(comparing.phase).toBe('comparing');
    expect(comparing.members[0]!.outcome).toBe('settled');
    await backend.store.create(paths.comparison(plan.runId), {});
    expect((await progress()).phase).toBe('compared');
  });

  test('is overdue when its time has passed', async () => {
    const overMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    expect((await progress(overMs - 1)).phase).toBe('joining');
    expect((await progress(overMs)).phase).toBe('overdue');
    // All have reported, and whoever was to compare is gone.
    await reportAll();
    expect((await progress(overMs - 1)).phase).toBe('comparing');
    expect((await progress(overMs)).phase).toBe('overdue');
  });

  test('is followed without reading a chunk twice', async () => {
    const reader = new ProgressReader(backend.store, plan);
    await uploadChunks(backend, plan, 'peer-2', fullLog(plan));
    expect((await reader.read(NOW_MS)).deliveries).toBe(6);
    const listed: string[] = [];
    const list = backend.store.list.bind(backend.store);
    backend.store.list = async (collection, options) => {
      const documents = await list(collection, options);
      listed.push(...documents.map(({ path }) => path));
      return documents;
    };
    expect((await reader.read(NOW_MS)).deliveries).toBe(6);
    expect(listed).toEqual([]);
    const added = { peerId: 'peer-2', index: 9, deliveries: 2, multicasts: 0 };
    await backend.store.create(paths.chunk(plan.runId, 'peer-2', 9), added);
    expect((await reader.read(NOW_MS)).deliveries).toBe(8);
    expect(listed).toEqual([paths.chunk(plan.runId, 'peer-2', 9)]);
  });

  test('is shown although somebody wrote nonsense', async () => {
    await uploadReport(backend, plan, 'peer-1', { outcome: 7 });
    await backend.store.create(paths.chunk(plan.runId, 'peer-1', 0), { deliveries: 'many' });
    const { phase, members } = await progress();
    expect(phase).toBe('running');
    expect(members[0]).toMatchObject({ deliveries: 0, outcome: null });
  });
});

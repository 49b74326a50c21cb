import { beforeEach, describe, expect, test } from '@jest/globals';
import { beginRun } from '../../../control/runs/begin-run.ts';
import { closeRun } from '../../../control/runs/close-run.ts';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../../control/limits.ts';
import { UnavailableError } from '../../../control/unavailable.ts';
import {
  beginContext,
  fullLog,
  NOW_MS,
  registerPeers,
  registryEntry,
  report,
  runRequest,
  uploadChunks,
  uploadMember,
  uploadReport,
} from '../../support/control-fixtures.ts';
import { ClosingRun, standings } from '../../support/closing-run.ts';
import type { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let run: ClosingRun;
let backend: MemoryBackend;
let plan: RunPlan;

beforeEach(async () => {
  run = await ClosingRun.begin();
  ({ backend, plan } = run);
});

test('what is left of a run that is being forgotten is not compared; only Google forgets', async () => {
  const DAY_MS = 24 * 60 * 60 * 1_000;
  const { store } = backend;
  const path = paths.run(plan.runId);
  const { fields } = (await store.read(path))!;
  await store.replace(path, { ...fields, backend: 'gcp' });
  expect(await closeRun({ store, nowMs: NOW_MS + 29 * DAY_MS }, plan.runId)).toBe('unknown');
  await store.replace(path, fields);
  expect(await closeRun({ store, nowMs: NOW_MS + 29 * DAY_MS }, plan.runId)).toBe('created');
});

test('a run in the cloud is compared for as long as nothing of it is forgotten', async () => {
  const DAY_MS = 24 * 60 * 60 * 1_000;
  const { store } = backend;
  const path = paths.run(plan.runId);
  await store.replace(path, { ...(await store.read(path))!.fields, backend: 'gcp' });
  expect(await closeRun({ store, nowMs: NOW_MS + 29 * DAY_MS - 1 }, plan.runId)).toBe('created');
});

describe('a run is closed', () => {
  test('by its last report, once', async () => {
    for (const member of [2, 0, 1]) {
      expect(await run.close()).toBe('waiting');
      await uploadMember(backend, plan, member);
    }
    expect(await run.close()).toBe('created');
    const first = await run.comparison();
    expect(await run.close()).toBe('exists');
    expect(await run.comparison()).toEqual(first);
    expect(standings(first)).toEqual(['reported', 'reported', 'reported']);
    expect(first).toMatchObject({
      runId: plan.runId,
      ordering: 'unordered',
      backend: 'embedded',
      network: 'emulated',
      seed: plan.seed,
      peers: 3,
      messages: 2,
      rounds: 6,
      unorderedRounds: 0,
      missingRounds: 0,
      declared: ['integrity', 'validity'],
    });
  });

  test('and judged by what its run says is declared, also of an ordering in no registry', async () => {
    const path = paths.run(plan.runId);
    const document = (await backend.store.read(path))!.fields;
    const foreign = { ...document, plan: { ...plan, ordering: 'file-mine' }, declared: ['total'] };
    await backend.store.replace(path, foreign);
    for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
    expect(await run.close()).toBe('created');
    expect(await run.comparison()).toMatchObject({ ordering: 'file-mine', declared: ['total'] });
  });

  test('once by many calls at the same time, and gives the lease back', async () => {
    for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
    const closings = await Promise.all(Array.from({ length: 20 }, () => run.close()));
    expect(closings.filter((closing) => closing === 'created')).toHaveLength(1);
    expect(closings.filter((closing) => closing === 'exists')).toHaveLength(19);
    const next = await beginRun(beginContext(backend), runRequest(), null);
    expect(next.outcome).toBe('begun');
  });

  test('with the disagreement that its logs show', async () => {
    await uploadMember(backend, plan, 0);
    await uploadMember(backend, plan, 1);
    await uploadMember(backend, plan, 2, {}, fullLog(plan, 1));
    expect(await run.close()).toBe('created');
    expect(await run.comparison()).toMatchObject({ unorderedRounds: 6, conflictingRounds: 6 });
  });

  test('when its deadline and the time to upload have passed, not before', async () => {
    await uploadMember(backend, plan, 0);
    await registerPeers(backend, 3, plan.deadlineMs);
    expect(await run.close(plan.deadlineMs + UPLOAD_GRACE_MS - 1)).toBe('waiting');
    expect(await run.closeLate()).toBe('created');
    expect(standings(await run.comparison())).toEqual(['reported', 'silent', 'silent']);
  });

  test('although nobody ever joined', async () => {
    expect(await run.closeLate()).toBe('created');
    const closed = await run.comparison();
    expect(standings(closed)).toEqual(['silent', 'silent', 'silent']);
    expect(closed.network).toBe('unknown');
  });

  test('early when whoever reported names whoever is missing', async () => {
    const missing = ['peer-3'];
    await uploadMember(backend, plan, 0, { outcome: 'handshake', missing });
    expect(await run.close()).toBe('waiting');
    await uploadMember(backend, plan, 1, { outcome: 'handshake', missing: ['peer-2'] });
    expect(await run.close()).toBe('waiting');
    backend.store.documents.delete(paths.report(plan.runId, 'peer-2'));
    await uploadReport(backend, plan, 'peer-2', report(plan, 1, { outcome: 'handshake', missing }));
    backend.store.documents.delete(paths.chunk(plan.runId, 'peer-2', 0));
    // Nobody can know before the time to join is over.
    expect(await run.close()).toBe('waiting');
    expect(await run.close(plan.joinByMs)).toBe('created');
    const { perPeer } = await run.comparison();
    expect(perPeer[2]).toMatchObject({
      standing: 'silent',
      reason: expect.stringMatching(/peer-1/),
    });
  });

  test('a little later when the others began without it: it may only be late', async () => {
    await uploadMember(backend, plan, 0, { outcome: 'handshake', missing: ['peer-3'] });
    await uploadMember(backend, plan, 1, { outcome: 'settled', missing: ['peer-3'] });
    const reports = await backend.store.list(paths.reports(plan.runId));
    const newestMs = Math.max(...reports.map(({ createdAtUs }) => createdAtUs)) / 1_000;
    const closeAt = (nowMs: number) => closeRun({ store: backend.store, nowMs }, plan.runId);
    expect(await closeAt(newestMs + 1_900)).toBe('doubted');
    expect(await closeAt(newestMs + 2_000)).toBe('created');
  });

  test('later still when those that reported are no majority: the others may go on for a while', async () => {
    await uploadMember(backend, plan, 0, { outcome: 'settled', missing: ['peer-2', 'peer-3'] });
    const [report0] = await backend.store.list(paths.reports(plan.runId));
    const closeAt = (ms: number) =>
      closeRun({ store: backend.store, nowMs: report0!.createdAtUs / 1_000 + ms }, plan.runId);
    expect(await closeAt(9_900)).toBe('doubted');
    expect(await closeAt(10_000)).toBe('created');
  });

  test('not early when one that knows does not miss it, whatever one says that gave up', async () => {
    await uploadMember(backend, plan, 0, { outcome: 'settled', missing: [] });
    await uploadMember(backend, plan, 1, { outcome: 'abandoned', missing: ['peer-3'] });
    expect(await run.close()).toBe('waiting');
  });

  test('early when the registry knows that whoever is missing is no more', async () => {
    await uploadMember(backend, plan, 0);
    await uploadMember(backend, plan, 1);
    const atMs = NOW_MS + 10_000;
    await registerPeers(backend, 3, atMs);
    expect(await run.close(atMs)).toBe('waiting');
    const restarted = {
      ...registryEntry(3, atMs),
      incarnation: 'another-incarnation',
      startedAtMs: NOW_MS + 1,
    };
    await backend.store.replace(paths.peer('peer-3'), restarted);
    expect(await run.close(NOW_MS + 2_000)).toBe('doubted');
    expect(await run.close(NOW_MS + 2_001)).toBe('created');
    expect(standings(await run.comparison())).toEqual(['reported', 'reported', 'silent']);
  });

  test('only if there is one', async () => {
    const { store } = backend;
    for (const runId of ['20260131-120000-00000000', '../leases', '', 'active']) {
      expect(await closeRun({ store, nowMs: NOW_MS }, runId)).toBe('unknown');
    }
    await store.create(paths.run('20260131-120000-00000001'), { plan, backend: 'embedded' });
    expect(await closeRun({ store, nowMs: NOW_MS }, '20260131-120000-00000001')).toBe('unknown');
  });
});

describe('what a member left without a report', () => {
  test('counts as far as it goes: it crashed', async () => {
    await uploadMember(backend, plan, 0);
    await uploadMember(backend, plan, 1);
    await uploadChunks(backend, plan, 'peer-3', fullLog(plan));
    await run.closeLate();
    const { perPeer } = await run.comparison();
    expect(perPeer[2]).toMatchObject({ standing: 'crashed', delivered: 6, multicasts: null });
  });

  test('counts up to a hole in its chunks, and the hole is told', async () => {
    const log = fullLog(plan);
    const chunks = await uploadChunks(backend, plan, 'peer-3', log);
    expect(chunks).toBeGreaterThanOrEqual(2);
    backend.store.documents.delete(paths.chunk(plan.runId, 'peer-3', 0));
    await run.closeLate();
    const { perPeer } = await run.comparison();
    expect(perPeer[2]).toMatchObject({
      standing: 'crashed',
      delivered: 0,
      reason: expect.stringContaining('chunk 0 is missing'),
    });
  });
});

test('a store that does not answer is told, and the next call does it', async () => {
  for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
  for (const point of ['read', 'list', 'create'] as const) {
    backend.faults.order(point);
    await expect(run.close()).rejects.toThrow(UnavailableError);
  }
  expect(await run.close()).toBe('created');
});

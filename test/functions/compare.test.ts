import type { CloudEvent } from '@google-cloud/functions-framework';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { RunPlan } from '../../control/command.ts';
import { paths } from '../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../control/limits.ts';
import { provideBackend } from '../../functions/backend.ts';
import { closeInTurn } from '../../functions/close-in-turn.ts';
import { compare } from '../../functions/compare.ts';
import { begunRun, NOW_MS, uploadMember } from '../support/control-fixtures.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

let backend: MemoryBackend;
let plan: RunPlan;

beforeEach(async () => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  backend = new MemoryBackend();
  provideBackend(() => Promise.resolve(backend));
  plan = await begunRun(backend, Date.now());
});
afterEach(() => {
  jest.restoreAllMocks();
});

function eventOf(member: number): CloudEvent<unknown> {
  const document = paths.report(plan.runId, plan.members[member]!.peerId);
  return {
    id: `event-${member}`,
    specversion: '1.0',
    source: '//firestore.googleapis.com/projects/p/databases/(default)',
    type: 'google.cloud.firestore.document.v1.created',
    subject: `documents/${document}`,
    document,
  };
}

function isCompared(): boolean {
  return backend.store.documents.has(paths.comparison(plan.runId));
}

describe('compare', () => {
  test('closes the run at its last event', async () => {
    for (const member of [0, 1, 2]) {
      expect(isCompared()).toBe(false);
      await uploadMember(backend, plan, member);
      await compare(eventOf(member));
    }
    expect(isCompared()).toBe(true);
  });

  test('compares once for events that are lost, repeated, reordered and early', async () => {
    await compare(eventOf(2));
    for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
    const creations = backend.store.calls['create']!;
    await Promise.all([2, 1, 1, 2, 1].map((member) => compare(eventOf(member))));
    expect(isCompared()).toBe(true);
    expect(backend.store.calls['create']).toBe(creations + 1);
  });

  test('sees a report that came while an earlier event was looking', async () => {
    await uploadMember(backend, plan, 0);
    await uploadMember(backend, plan, 1);
    const early = compare(eventOf(1));
    await uploadMember(backend, plan, 2);
    await Promise.all([early, compare(eventOf(2))]);
    expect(isCompared()).toBe(true);
  });

  test('reads a run twice at most, however many events come together', async () => {
    await uploadMember(backend, plan, 0);
    const reads = backend.store.calls['read'] ?? 0;
    await compare(eventOf(0));
    const readsOfOne = backend.store.calls['read']! - reads;
    const first = compare(eventOf(0));
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, ...Array.from({ length: 32 }, () => compare(eventOf(0)))]);
    expect(backend.store.calls['read']).toBe(reads + 3 * readsOfOne);
    expect(isCompared()).toBe(false);
  });

  test('those who share a turn look at the latest time of theirs, and one of them made it', async () => {
    const overMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    const close = (nowMs: number) => closeInTurn({ store: backend.store, nowMs }, plan.runId);
    const first = close(NOW_MS);
    await new Promise((resolve) => setImmediate(resolve));
    const others = [NOW_MS, overMs, NOW_MS].map(close);
    expect(await Promise.all([first, ...others])).toEqual([
      'waiting',
      'created',
      'exists',
      'exists',
    ]);
  });

  test('those who share a turn all hear that it failed, and the next turn is a new one', async () => {
    await uploadMember(backend, plan, 0);
    const close = () => closeInTurn({ store: backend.store, nowMs: NOW_MS }, plan.runId);
    const first = close();
    await new Promise((resolve) => setImmediate(resolve));
    const shared = Promise.allSettled([close(), close()]);
    expect(await first).toBe('waiting');
    backend.faults.order('read');
    expect((await shared).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await close()).toBe('waiting');
  });

  test('ignores events that mean nothing', async () => {
    const { id, specversion, source, type } = eventOf(0);
    await compare({ id, specversion, source, type });
    await compare({ ...eventOf(0), document: 'runs/x/reports/y', subject: 'z' });
    await compare(null as unknown as CloudEvent<unknown>);
    expect(isCompared()).toBe(false);
  });

  test('rejects when the store does not answer, so that the event comes again', async () => {
    for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
    for (const point of ['read', 'list', 'create'] as const) {
      backend.faults.order(point);
      await expect(compare(eventOf(0))).rejects.toThrow('the store is not available');
    }
    await compare(eventOf(0));
    expect(isCompared()).toBe(true);
  });

  test('rejects where memory was short or a connection broke, in a call of the store or beside it', async () => {
    const passing = [
      new RangeError('Array buffer allocation failed'),
      new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }),
      new TypeError('terminated', { cause: new Error('other side closed') }),
    ];
    for (const error of passing) {
      const list = jest.spyOn(backend.store, 'list').mockRejectedValueOnce(error);
      await expect(compare(eventOf(0))).rejects.toThrow('the store is not available');
      list.mockRestore();
      const clock = () => {
        throw error;
      };
      provideBackend(() => Promise.resolve(Object.assign(new MemoryBackend(), { clock })));
      await expect(compare(eventOf(0))).rejects.toBe(error);
      provideBackend(() => Promise.resolve(backend));
    }
  });

  test('does not take other errors of those classes for passing', async () => {
    const defects = [
      new RangeError('Invalid array length'),
      new TypeError('fetch failed'),
      new TypeError('x is not a function', { cause: new Error('fetch failed') }),
    ];
    for (const defect of defects) {
      jest.spyOn(backend.store, 'list').mockRejectedValue(defect);
      await expect(compare(eventOf(0))).resolves.toBeUndefined();
    }
  });

  test('does not reject for what would fail again', async () => {
    for (const member of [0, 1, 2]) await uploadMember(backend, plan, member);
    const log = jest.spyOn(process.stderr, 'write');
    backend.store.list = () => Promise.reject(new TypeError('a defect'));
    await compare(eventOf(0));
    expect(log.mock.calls.join('\n')).toContain('"severity":"ERROR"');
  });
});

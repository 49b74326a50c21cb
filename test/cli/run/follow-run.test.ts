import { describe, expect, test } from '@jest/globals';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import type { Document, Store } from '../../../control/ports.ts';
import { followRun, readPlan } from '../../../cli/run/follow-run.ts';
import { sampleComparison } from '../render/sample-comparison.ts';

const runId = '20260131-235959-0a1b2c3d';

function plan(deadlineMs: number): RunPlan {
  const members = ['peer-0', 'peer-1', 'peer-2'].map((peerId, index) => ({
    peerId,
    incarnation: `incarnation-${index}`,
    zone: 'us-west1-b',
    host: '127.0.0.1',
    port: 40_000 + index,
  }));
  return {
    runId,
    ordering: 'unordered',
    messages: 10,
    intervalMs: { min: 10, max: 99 },
    payloadBytes: 0,
    seed: 7,
    members,
    createdAtMs: Date.now(),
    joinByMs: deadlineMs,
    deadlineMs,
  };
}

/** A store of a few documents that other members of a test may add to. */
function storeOf(documents: Map<string, Record<string, unknown>>): Store {
  const document = (path: string): Document => ({
    path,
    fields: documents.get(path)!,
    bytes: new Uint8Array(),
    createdAtUs: 1,
  });
  const unused = () => Promise.reject(new Error('following a run only reads'));
  return {
    create: unused,
    replace: unused,
    transact: unused,
    close: async () => undefined,
    read: async (path) => (documents.has(path) ? document(path) : undefined),
    list: async (collection, { prefix = '', after = '' } = {}) =>
      [...documents.keys()]
        .filter((path) => path.slice(0, path.lastIndexOf('/')) === collection)
        .filter((path) => path.startsWith(`${collection}/${prefix}`))
        .filter((path) => path.slice(collection.length + 1) > after)
        .map(document),
  };
}

function backendOf(documents: Map<string, Record<string, unknown>>) {
  return { store: storeOf(documents) };
}

describe('followRun', () => {
  test('shows progress until there is a comparison, and gives it', async () => {
    const documents = new Map<string, Record<string, unknown>>([
      [
        paths.chunk(runId, 'peer-1', 0),
        { peerId: 'peer-1', index: 0, deliveries: 12, multicasts: 4 },
      ],
    ]);
    const shown: number[] = [];
    const show = ({ deliveries }: { deliveries: number }) => {
      shown.push(deliveries);
      documents.set(paths.comparison(runId), { ...sampleComparison() });
    };
    const signal = new AbortController().signal;
    const comparison = await followRun(
      backendOf(documents),
      plan(Date.now() + 1_000),
      show,
      signal,
    );
    expect(comparison).toEqual(sampleComparison());
    expect(shown).toEqual([12, 12]);
  });

  test.each([
    ['behind', -3_600_000],
    ['ahead of', 3_600_000],
  ])(
    'goes by how long it has been, though its clock is an hour %s that of the run',
    async (_, offMs) => {
      const documents = new Map<string, Record<string, unknown>>();
      const begunAtMs = Date.now() - offMs;
      const elapsed: number[] = [];
      const show = (_progress: unknown, elapsedMs: number) => {
        elapsed.push(elapsedMs);
        documents.set(paths.comparison(runId), { ...sampleComparison() });
      };
      const skewed = { ...plan(begunAtMs + 1_000), createdAtMs: begunAtMs };
      const { signal } = new AbortController();
      expect(await followRun(backendOf(documents), skewed, show, signal)).toEqual(
        sampleComparison(),
      );
      expect(Math.max(...elapsed)).toBeLessThan(60_000);
    },
  );

  test('names the peers without a report when nobody closes the run', async () => {
    const documents = new Map<string, Record<string, unknown>>([
      [paths.report(runId, 'peer-1'), { outcome: 'complete' }],
    ]);
    const longAgo = plan(Date.now() - 3_600_000);
    const follow = followRun(
      backendOf(documents),
      longAgo,
      () => undefined,
      new AbortController().signal,
    );
    await expect(follow).rejects.toThrow(/no report of peer-0, peer-2\)/);
  });

  test('ends with the reason once nothing goes on, because the store cannot be written', async () => {
    const followed = {
      ...backendOf(new Map()),
      whyUnwritable: async () => 'the file system is full; make room',
    };
    const { signal } = new AbortController();
    const follow = followRun(followed, plan(Date.now() + 60_000), () => undefined, signal, 20);
    await expect(follow).rejects.toThrow(`run ${runId} cannot go on: the file system is full`);
  });

  test('ends at once when it is aborted', async () => {
    const abort = new AbortController();
    const show = () => abort.abort(new Error('the user left'));
    const follow = followRun(backendOf(new Map()), plan(Date.now() + 1_000), show, abort.signal);
    await expect(follow).rejects.toThrow();
  });

  test('a run that is not there is called by its name', async () => {
    await expect(readPlan(storeOf(new Map()), runId)).rejects.toThrow(`there is no run ${runId}`);
  });
});

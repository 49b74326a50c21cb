import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';
import {
  fullLog,
  report,
  uploadChunks,
  uploadMember,
  uploadReport,
} from '../../support/control-fixtures.ts';
import { ClosingRun, standings } from '../../support/closing-run.ts';
import type { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let run: ClosingRun;
let backend: MemoryBackend;
let plan: RunPlan;

async function begin(): Promise<void> {
  run = await ClosingRun.begin();
  ({ backend, plan } = run);
}

beforeEach(begin);

describe('a poisoned run', () => {
  type Poison = [string, RegExp, () => Promise<unknown>];
  const replaceChunk = (index: number, fields: object, bytes: Uint8Array) => {
    const path = paths.chunk(plan.runId, 'peer-3', index);
    backend.store.documents.delete(path);
    return backend.store.create(path, { ...fields }, bytes);
  };
  const counted = { peerId: 'peer-3', index: 0, deliveries: 1, multicasts: 0 };
  const tooMany = (length: number) => {
    const log = new DeliveredSequence();
    for (let i = 0; i < length; i += 1) log.appendDelivery(0, i);
    return log;
  };
  const poisons: Poison[] = [
    ['no report at all', /not well formed/, () => upload({ hello: 'world' })],
    [
      'another run',
      /another run/,
      () => upload(report(plan, 2, { runId: '20200101-000000-00000000' })),
    ],
    ['another peer', /signed by peer-1/, () => upload(report(plan, 0))],
    ['another incarnation', /incarnation/, () => upload(report(plan, 2, { incarnation: 'other' }))],
    ['chunks that are not there', /0 of the 3/, () => upload(report(plan, 2, { chunks: 3 }))],
    [
      'fewer chunks than there are',
      /\d of the 0 chunks/,
      () => uploadMember(backend, plan, 2, { chunks: 0 }),
    ],
    [
      'a hole',
      /chunk 0 is missing/,
      async () => {
        await uploadMember(backend, plan, 2);
        backend.store.documents.delete(paths.chunk(plan.runId, 'peer-3', 0));
      },
    ],
    [
      'more deliveries than it counts',
      /as much as its report/,
      () => uploadMember(backend, plan, 2, { deliveries: 1 }),
    ],
    [
      'bytes that are no chunk',
      /chunk 0 does not decode/,
      async () => {
        await replaceChunk(0, counted, Uint8Array.of(255, 1, 2));
        await upload(report(plan, 2, { chunks: 1, deliveries: 1 }));
      },
    ],
    [
      'a chunk that says something else than its path',
      /chunk "000000" is not well formed/,
      async () => {
        await replaceChunk(0, { ...counted, index: 4 }, new Uint8Array(0));
        await upload(report(plan, 2, { chunks: 1 }));
      },
    ],
    [
      'a chunk without a number',
      /chunk "last" is not well formed/,
      async () => {
        await backend.store.create(`${paths.chunks(plan.runId)}/peer-3.last`, { ...counted });
        await upload(report(plan, 2, { chunks: 1 }));
      },
    ],
    [
      'a chunk that holds more than it says',
      /chunk 0 does not hold/,
      async () => {
        await uploadMember(backend, plan, 2, {}, tooMany(3));
        const { bytes } = (await backend.store.read(paths.chunk(plan.runId, 'peer-3', 0)))!;
        await replaceChunk(0, counted, bytes);
      },
    ],
    [
      'more deliveries than a run has',
      /at most \d+ are allowed/,
      () => uploadMember(backend, plan, 2, {}, tooMany(13)),
    ],
  ];

  function upload(fields: object) {
    return uploadReport(backend, plan, 'peer-3', fields);
  }

  test.each(poisons)('rejects the member that left %s', async (_, reason, poison) => {
    await uploadMember(backend, plan, 0);
    await uploadMember(backend, plan, 1);
    await poison();
    expect(await run.close()).toBe('created');
    const closed = await run.comparison();
    expect(standings(closed)).toEqual(['reported', 'reported', 'rejected']);
    expect(closed.perPeer[2]).toMatchObject({
      delivered: 0,
      reason: expect.stringMatching(reason),
    });
  });

  test('leaves out what strangers wrote, and names them', async () => {
    for (const member of [0, 1]) await uploadMember(backend, plan, member);
    await uploadReport(backend, plan, 'peer-9', report(plan, 2));
    await uploadChunks(backend, plan, 'peer-8', fullLog(plan));
    await backend.store.create(`${paths.chunks(plan.runId)}/nonsense`, {});
    expect(await run.close()).toBe('waiting');
    await uploadMember(backend, plan, 2);
    expect(await run.close()).toBe('created');
    const findings = (await run.comparison()).findings.join('\n');
    expect(findings).toMatch(/report of "peer-9"/);
    expect(findings).toMatch(/chunk\(s\) of "peer-8"/);
    expect(standings(await run.comparison())).toEqual(['reported', 'reported', 'reported']);
  });

  test('keeps its comparison small, however much a report says', async () => {
    const dropped = Object.fromEntries(Array.from({ length: 9_999 }, (_, i) => [`r${i}`, i]));
    const { counters } = report(plan, 0);
    await uploadMember(backend, plan, 0);
    await uploadMember(backend, plan, 1);
    await uploadMember(backend, plan, 2, {
      reason: 'x'.repeat(99_999),
      missing: Array.from({ length: 9_999 }, (_, i) => `peer-${i}`),
      blocked: {
        sender: 'peer-1',
        sequence: 0,
        waitsFor: Array.from({ length: 9_999 }, (_, i) => `peer-${i}`),
      },
      roundTripMs: { 'peer-1': 3, stranger: 4 },
      counters: { ...counters, dropped },
    });
    expect(await run.close()).toBe('created');
    const closed = await run.comparison();
    expect(JSON.stringify(closed).length).toBeLessThan(20_000);
    expect(closed.perPeer[2]).toMatchObject({ standing: 'reported', roundTripMs: { 'peer-1': 3 } });
    expect(closed.findings.join('\n')).toContain('the word of peer-1, peer-2, peer-3.');
  });

  test('is compared whatever bytes a member leaves', async () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    const property = fc.asyncProperty(bytes, fc.nat(9), fc.jsonValue(), async (chunk, n, json) => {
      await begin();
      await uploadMember(backend, plan, 0);
      await replaceChunk(0, { ...counted, deliveries: n }, chunk);
      const fields = JSON.parse(JSON.stringify(report(plan, 2, { chunks: 1, deliveries: n })));
      await upload({ ...fields, durationMs: json === undefined ? null : JSON.stringify(json) });
      await upload(fields);
      expect(await run.closeLate()).toBe('created');
      expect((await run.comparison()).perPeer).toHaveLength(3);
    });
    await fc.assert(property, { numRuns: 40 });
  });
});

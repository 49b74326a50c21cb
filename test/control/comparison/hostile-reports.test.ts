import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closeRun } from '../../../control/runs/close-run.ts';
import { runPlanSchema, type RunPlan } from '../../../control/command.ts';
import { comparisonSchema, type Comparison } from '../../../control/comparison-document.ts';
import { paths } from '../../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../../control/limits.ts';
import { isPrintable } from '../../../control/printable.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';
import { CHUNK_BYTES_MAX, encodeChunk } from '../../../core/records/sequence-codec.ts';
import { checkDocument } from '../../../control/document-rules.ts';
import { begunRun, report, uploadMember, uploadReport } from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let backend: MemoryBackend;
let plan: RunPlan;

beforeEach(async () => {
  await begin();
});

/** A run of three in which two were honest; the third, peer-3, is what a test makes of it. */
async function begin(): Promise<void> {
  backend = new MemoryBackend();
  plan = await begunRun(backend);
  for (const member of [0, 1]) await uploadMember(backend, plan, member);
}

async function compared(): Promise<Comparison> {
  const nowMs = plan.deadlineMs + UPLOAD_GRACE_MS;
  expect(await closeRun({ store: backend.store, nowMs }, plan.runId)).toBe('created');
  const path = paths.comparison(plan.runId);
  const { fields } = (await backend.store.read(path))!;
  // What Firestore would refuse could never be compared in the cloud.
  checkDocument(path, fields);
  return comparisonSchema.parse(fields);
}

function put(id: string, fields: object, bytes: Uint8Array = new Uint8Array(0)): Promise<boolean> {
  return backend.store.create(`${paths.chunks(plan.runId)}/${id}`, { ...fields }, bytes);
}

function chunkId(index: number): string {
  return `peer-3.${String(index).padStart(6, '0')}`;
}

function logOf(deliveries: readonly (readonly [number, number])[]): DeliveredSequence {
  const log = new DeliveredSequence();
  for (const [sender, sequence] of deliveries) log.appendDelivery(sender, sequence);
  return log;
}

const START = { deliveries: 0, multicasts: 0 };

/** Everything that the honest ones did counts, in a document that any terminal may show. */
function expectUnharmed(comparison: Comparison): void {
  const [first, second] = comparison.perPeer;
  for (const peer of [first, second]) {
    expect(peer).toMatchObject({ standing: 'reported', delivered: 6, missing: 0, duplicates: 0 });
  }
  const unprintable = textsOf(comparison).filter((text) => !isPrintable(text));
  expect(unprintable).toEqual([]);
  expect(JSON.stringify(comparison).length).toBeLessThan(40_000);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [name, ...textsOf(part)]);
}

describe('a hostile member is rejected by name', () => {
  const { counters } = report({ members: [{}, {}, {}] } as unknown as RunPlan, 0);

  test.each<[string, object, RegExp]>([
    ['an escape sequence in its reason', { reason: '\u001b[2Jowned' }, /control characters/],
    ['a line break in its reason', { reason: 'fine\npeer-1 failed' }, /control characters/],
    ['a change of direction', { reason: 'abc\u202edef' }, /control characters/],
    [
      'a name that Firestore refuses',
      { counters: { ...counters, dropped: { __x__: 1 } } },
      /counts dropped datagrams as "__x__"/,
    ],
    [
      'a name without characters',
      { counters: { ...counters, dropped: { '': 1 } } },
      /dropped datagrams as ""/,
    ],
    [
      'a steering name',
      { counters: { ...counters, dropped: { 'a\u009b31m': 1 } } },
      /dropped datagrams as/,
    ],
    ['a negative time', { durationMs: -1 }, /"durationMs"/],
    ['an endless time', { durationMs: 1e300 }, /"durationMs"/],
    ['a negative round trip', { roundTripMs: { 'peer-1': -3 } }, /"roundTripMs\.peer-1"/],
    [
      'more than can be counted',
      { counters: { ...counters, bytesSent: 2 ** 60 } },
      /"counters\.bytesSent"/,
    ],
    ['a steering name in place of a peer', { roundTripMs: { '\u001b[1m': 1 } }, /"roundTripMs/],
  ])('for %s', async (_, change, reason) => {
    await uploadReport(backend, plan, 'peer-3', { ...report(plan, 2), ...change });
    const comparison = await compared();
    expectUnharmed(comparison);
    expect(comparison.perPeer[2]).toMatchObject({
      standing: 'rejected',
      reason: expect.stringMatching(reason),
    });
    expect(comparison.findings.join('\n')).toMatch(/peer 2 \(peer-3 in .*could not be used/);
  });

  const chunk = (log: DeliveredSequence, size = 3) => ({
    fields: { peerId: 'peer-3', index: 0, deliveries: log.length, multicasts: 0 },
    bytes: encodeChunk(log, size, START),
  });

  test('for a chunk of another group', async () => {
    const { fields, bytes } = chunk(logOf([[0, 0]]), 9);
    await put(chunkId(0), fields, bytes);
    const comparison = await compared();
    expectUnharmed(comparison);
    expect(comparison.perPeer[2]!.reason).toBe('its chunk 0 is of 9 members, not of 3');
  });

  test('for a chunk beyond the cap', async () => {
    const { fields } = chunk(logOf([[0, 0]]));
    await put(chunkId(0), fields, new Uint8Array(CHUNK_BYTES_MAX + 1));
    expect((await compared()).perPeer[2]!.reason).toMatch(/524289 bytes; at most 524288/);
  });

  test('for a flood of chunks that hold nothing, of which few are read', async () => {
    const bytes = encodeChunk(new DeliveredSequence(), 3, START);
    for (let index = 0; index < 3_000; index += 1) {
      await put(chunkId(index), { peerId: 'peer-3', index, deliveries: 0, multicasts: 0 }, bytes);
    }
    const before = backend.store.calls['list'] ?? 0;
    const comparison = await compared();
    expectUnharmed(comparison);
    expect(comparison.perPeer[2]!.reason).toBe('its chunk 0 holds nothing');
    expect(backend.store.calls['list']! - before).toBeLessThan(20);
  });

  test('for more chunks than the longest run has', async () => {
    plan = { ...plan, messages: 5_000 };
    await backend.store.replace(paths.run(plan.runId), { plan, backend: 'embedded' });
    const { bytes } = chunk(logOf([[0, 0]]));
    for (let index = 0; index < 8_300; index += 1) {
      await put(chunkId(index), { peerId: 'peer-3', index, deliveries: 1, multicasts: 0 }, bytes);
    }
    expect((await compared()).perPeer[2]!.reason).toBe('it left more than 8192 chunks');
  });

  test('messages that nobody can have sent are counted as invented, with who delivered them', async () => {
    const log = logOf([
      [0, 0],
      [65_535, 0xffff_ffff],
      [2, 0xffff_fffe],
      [1, 0],
    ]);
    await uploadMember(backend, plan, 2, {}, log);
    const comparison = await compared();
    expectUnharmed(comparison);
    expect(comparison.perPeer[2]).toMatchObject({ standing: 'reported', invented: 2 });
    expect(comparison.guarantees.integrity.held).toBe(false);
    expect(comparison.findings.join('\n')).toMatch(/peer-3 .* delivered 2 messages that nobody/);
  });
});

describe('strangers', () => {
  test('cannot hide a member behind a flood of reports', async () => {
    for (let index = 0; index < 100; index += 1) {
      await uploadReport(backend, plan, `a-${index}\u001b[31m`, {});
    }
    await uploadMember(backend, plan, 2);
    const comparison = await compared();
    expectUnharmed(comparison);
    expect(comparison.perPeer[2]!.standing).toBe('reported');
    expect(comparison.findings.length).toBeLessThan(30);
  });

  test('cannot hide a member behind a flood of chunks', async () => {
    for (let index = 0; index < 500; index += 1) await put(`a${index}.000000`, {});
    await uploadMember(backend, plan, 2);
    const before = backend.store.calls['list'] ?? 0;
    const comparison = await compared();
    expectUnharmed(comparison);
    expect(comparison.findings.join('\n')).toContain('chunk(s) of "a0", which is no member');
    expect(backend.store.calls['list']! - before).toBeLessThan(20);
  });
});

describe('a run that no request can have begun', () => {
  test.each<[string, Partial<RunPlan>]>([
    ['larger than any may be', { messages: 100_000, members: manyMembers(64) }],
    ['longer than any may be', { deadlineMs: Date.UTC(2100, 0) }],
    ['out of order in time', { joinByMs: 1 }],
    ['with a member twice', { members: [...manyMembers(2), ...manyMembers(1)] }],
    [
      'sent to something that is no host',
      { members: [{ ...manyMembers(1)[0]!, host: 'a b\n' }, ...manyMembers(3).slice(1)] },
    ],
  ])('is none: %s', async (_, change) => {
    const forged = { ...plan, ...change };
    expect(runPlanSchema.safeParse(forged).success).toBe(false);
    await backend.store.replace(paths.run(plan.runId), { plan: forged, backend: 'embedded' });
    const nowMs = plan.deadlineMs + UPLOAD_GRACE_MS;
    expect(await closeRun({ store: backend.store, nowMs }, plan.runId)).toBe('unknown');
  });

  function manyMembers(count: number): RunPlan['members'] {
    return Array.from({ length: count }, (_, index) => ({
      peerId: `peer-${index}`,
      incarnation: 'incarnation',
      zone: 'us-west1-b',
      host: '10.0.0.1',
      port: 4_000,
    }));
  }
});

test('one member cannot end a run before the time to join is over', async () => {
  await begin();
  for (const peer of ['peer-1', 'peer-2']) {
    backend.store.documents.delete(paths.report(plan.runId, peer));
  }
  const missing = ['peer-1', 'peer-2'];
  await uploadReport(backend, plan, 'peer-3', report(plan, 2, { outcome: 'handshake', missing }));
  const closing = await closeRun({ store: backend.store, nowMs: plan.createdAtMs }, plan.runId);
  expect(closing).toBe('waiting');
});

describe('whatever a member writes', () => {
  // Any JSON in place of any field, and any text where a text is expected.
  const codePoint = fc.oneof(fc.nat(0x9f), fc.nat(0x10ffff));
  const codePoints = fc.array(codePoint, { maxLength: 20 });
  const steering = codePoints.map((points) => String.fromCodePoint(...points));
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    steering,
    fc.double(),
    fc.maxSafeInteger(),
  );
  const reportFields = Object.keys(report({ members: [{}, {}, {}] } as unknown as RunPlan, 0));
  const counterNames = ['dropped', 'heldMs', 'bytesSent', 'heldMax'];
  const mutation = fc.record({
    fields: fc.dictionary(fc.constantFrom(...reportFields), anything, { maxKeys: 3 }),
    counters: fc.dictionary(fc.constantFrom(...counterNames), anything, { maxKeys: 2 }),
    dropped: fc.dictionary(steering, fc.nat(), { maxKeys: 3 }),
    reason: fc.option(steering),
  });
  const storedChunk = fc.record({
    id: fc.oneof(
      fc.nat(3).map(chunkId),
      steering.filter((text) => !text.includes('/')).map((text) => `peer-3.${text}`),
      fc.constantFrom('peer-1.999999', 'nobody.000000', 'peer-3.0000001'),
    ),
    fields: fc.record({
      peerId: fc.constantFrom('peer-3', 'peer-1'),
      index: fc.nat(3),
      deliveries: fc.nat(9),
      multicasts: fc.nat(3),
    }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .array(fc.tuple(fc.nat(0xffff), fc.nat(0xffff_ffff)), { maxLength: 9 })
        .map((deliveries) => encodeChunk(logOf(deliveries), 3, START)),
    ),
  });

  test('the others are compared all the same, and nothing of it steers a terminal', async () => {
    const property = fc.asyncProperty(
      mutation,
      fc.array(storedChunk, { maxLength: 4 }),
      async ({ fields, counters, dropped, reason }, chunks) => {
        await begin();
        for (const { id, fields: own, bytes } of chunks) {
          // The honest members' places are taken: their own documents are there, and documents are written
          // once.
          if (!id.startsWith('peer-1.')) await put(id, own, bytes);
        }
        const honest = report(plan, 2, { chunks: chunks.length });
        const mixed = { ...honest, ...(reason === null ? {} : { reason }), ...fields };
        const counted = { ...honest.counters, dropped, ...counters };
        const isObject = typeof mixed.counters === 'object';
        const written = JSON.parse(
          JSON.stringify({ ...mixed, ...(isObject && { counters: counted }) }),
        );
        // Writes past the checks of the store, which would refuse some of it.
        const path = paths.report(plan.runId, 'peer-3');
        const document = { path, fields: written, bytes: new Uint8Array(0), createdAtUs: 1 };
        backend.store.documents.set(path, document);
        expectUnharmed(await compared());
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });
});

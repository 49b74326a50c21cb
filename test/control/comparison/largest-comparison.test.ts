import { expect, test } from '@jest/globals';
import { closeRun } from '../../../control/runs/close-run.ts';
import { runPlanSchema, type RunPlan } from '../../../control/command.ts';
import { comparisonSchema, type Comparison } from '../../../control/comparison-document.ts';
import { checkDocument, DOCUMENT_BYTES_MAX } from '../../../control/document-rules.ts';
import { paths, type Report } from '../../../control/documents.ts';
import { LIMITS, UPLOAD_GRACE_MS } from '../../../control/limits.ts';
import type { Workload } from '../../../control/workload.ts';
import { CHUNK_BYTES_MAX } from '../../../core/records/sequence-codec.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';
import { NOW_MS, report, shuffledLog, uploadMember } from '../../support/control-fixtures.ts';

const GROUP = LIMITS.peersMax;
const MESSAGES = 8;
const LONG = Number.MAX_SAFE_INTEGER;
/** Three bytes each in UTF-8, the most of a character. */
const REASON = '語'.repeat(2_000);

/** The size of a document as Firestore counts it ("Storage size calculations"). */
function storedBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 1;
  if (typeof value === 'number') return 8;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + storedBytes(each), 0);
  const fields = Object.entries(value);
  return fields.reduce(
    (sum, [name, each]) => sum + Buffer.byteLength(name) + 1 + storedBytes(each),
    0,
  );
}

/** As many members as a run has, with names and zones as long as may be. */
function planOf(workload: Workload): RunPlan {
  const members = Array.from({ length: GROUP }, (_, place) => ({
    peerId: `peer-${String(place).padStart(58, '0')}`,
    incarnation: `incarnation-${place}`,
    zone: `northamerica-${'northeast'.repeat(5)}1-a`.slice(-60),
    host: '10.0.0.1',
    port: 4_000,
  }));
  const plan = {
    runId: '20260131-120000-0a1b2c3d',
    ordering: 'sequencer',
    messages: MESSAGES,
    intervalMs: { min: 10, max: 99 },
    payloadBytes: 0,
    ...(workload !== 'none' && { workload }),
    seed: 7,
    members,
    createdAtMs: NOW_MS,
    joinByMs: NOW_MS + 10_000,
    deadlineMs: NOW_MS + 60_000,
  };
  return runPlanSchema.parse(plan);
}

/** A report that says as much as it can, of which everything may be repeated. */
function longReport(plan: RunPlan, member: number): Partial<Report> {
  const ids = plan.members.map(({ peerId }) => peerId);
  const percentiles = { p50: LONG / 7, p90: LONG / 7, p99: LONG / 7, max: LONG / 7 };
  const dropped = Array.from({ length: 64 }, (_, place) => `r${place}`.padEnd(40, 'x'));
  const { counters } = report(plan, member);
  return {
    outcome: member % 2 === 0 ? 'settled' : 'deadline',
    reason: REASON,
    missing: ids,
    blocked: { sender: ids[0]!, sequence: LONG, waitsFor: [...ids, ...ids, ...ids] },
    roundTripMs: Object.fromEntries(ids.map((id) => [id, LONG / 7])),
    durationMs: LONG / 7,
    multicasts: LONG,
    recorded: { events: LONG, leftOut: LONG },
    pace: { plannedMs: 1_000, behindMs: LONG / 7 },
    bank: { balancesCents: [1, 2, 3, 4], stateHash: '0'.repeat(16), applied: LONG, undecodable: 9 },
    counters: {
      ...Object.fromEntries(Object.keys(counters).map((name) => [name, LONG])),
      dropped: Object.fromEntries(dropped.map((name) => [name, LONG])),
      ownLatencyMs: percentiles,
      heldMs: percentiles,
      busyMs: LONG / 7,
      standstillMs: member < GROUP / 2 ? LONG / 7 : 0,
      standstillMsMax: member < GROUP / 2 ? LONG / 7 : 0,
    } as Report['counters'],
  };
}

async function largest(workload: Workload): Promise<Comparison> {
  const backend = new MemoryBackend();
  const plan = planOf(workload);
  await backend.store.create(paths.run(plan.runId), { plan, backend: 'gcp' });
  for (let member = 0; member < GROUP; member += 1) {
    const { multicasts: _, ...said } = longReport(plan, member);
    await uploadMember(backend, plan, member, said, shuffledLog(plan, member), CHUNK_BYTES_MAX);
  }
  const nowMs = plan.deadlineMs + UPLOAD_GRACE_MS;
  expect(await closeRun({ store: backend.store, nowMs }, plan.runId)).toBe('created');
  const path = paths.comparison(plan.runId);
  const { fields } = (await backend.store.read(path))!;
  checkDocument(path, fields);
  expect(storedBytes(fields)).toBeLessThan(DOCUMENT_BYTES_MAX);
  return comparisonSchema.parse(fields);
}

test.each<Workload>(['none', 'bank'])(
  'the comparison of the largest group fits a document, whatever its members say (workload %s)',
  async (workload) => {
    const comparison = await largest(workload);
    expect(comparison.perPeer).toHaveLength(GROUP);
    expect(comparison.perPeer.every(({ standing }) => standing === 'reported')).toBe(true);
    const told = comparison.findings.filter((finding) => finding.includes('left out'));
    expect(told[0]).toMatch(/^Of further findings, \d+ are left out\.$/);
    expect(comparison.kendallTau.pairs).toHaveLength((GROUP * (GROUP - 1)) / 2);
  },
);

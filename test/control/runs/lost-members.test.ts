import { describe, expect, test } from '@jest/globals';
import type { PlannedMember, RunPlan } from '../../../control/command.ts';
import type { ReadReports } from '../../../control/comparison/read-reports.ts';
import type { RegistryEntry, Report } from '../../../control/documents.ts';
import { LIVE_MS } from '../../../control/limits.ts';
import { lostAtMs, membersAwaited } from '../../../control/runs/lost-members.ts';
import { NOW_MS, registryEntry, report } from '../../support/control-fixtures.ts';

const members: readonly PlannedMember[] = [1, 2, 3, 4].map((number) => {
  const entry = registryEntry(number);
  const { startedAtMs: _started, heartbeatAtMs: _beat, protocol: _protocol, ...member } = entry;
  return member;
});

const plan: RunPlan = {
  runId: '20260131-120000-00000000',
  ordering: 'fifo',
  messages: 2,
  intervalMs: { min: 1, max: 2 },
  payloadBytes: 0,
  seed: 1,
  members: [...members],
  createdAtMs: NOW_MS,
  joinByMs: NOW_MS + 10_000,
  deadlineMs: NOW_MS + 600_000,
};

/** Reports of some members, by their place, each created `atMs` after the run. */
function reportsOf(
  change: Record<number, Partial<Report> & { readonly atMs?: number }>,
): ReadReports {
  const accepted = Object.entries(change).map(([place, { atMs = 1_000, ...rest }]) => {
    const member = Number(place);
    const createdAtUs = (NOW_MS + atMs) * 1_000;
    return [members[member]!.peerId, { report: report(plan, member, rest), createdAtUs }] as const;
  });
  return { accepted: new Map(accepted), rejected: new Map(), findings: [] };
}

/**
 * When the members that have not reported count as lost, in milliseconds after the run was created. The store is known
 * to have answered since `answersSinceMs` after it.
 */
function lost(
  reports: ReadReports,
  entries: readonly RegistryEntry[] = [],
  answersSinceMs = 0,
): number {
  const registry = new Map(entries.map((entry) => [entry.peerId, entry]));
  const awaited = membersAwaited(plan, reports);
  return lostAtMs(plan, reports, awaited, registry, NOW_MS + answersSinceMs) - NOW_MS;
}

const COMPLETE = { 0: {}, 1: {}, 2: { atMs: 3_000 } };
const gone = (place: number, startedAfterMs = 5_000): RegistryEntry => ({
  ...registryEntry(place + 1, NOW_MS + startedAfterMs),
  incarnation: 'a later one',
  startedAtMs: NOW_MS + startedAfterMs,
});

describe('a member that has not reported', () => {
  test('may just be late, as far as the others and the registry know', () => {
    expect(lost(reportsOf(COMPLETE))).toBe(Infinity);
    expect(lost(reportsOf({}))).toBe(Infinity);
    expect(lost(reportsOf({ 0: { missing: ['peer-4'] }, 1: { missing: [] } }))).toBe(Infinity);
  });

  test('is lost once all that know missed it, two seconds after the newest report', () => {
    const missing = { missing: ['peer-4'] };
    const reports = reportsOf({ 0: missing, 1: missing, 2: { ...missing, atMs: 3_000 } });
    expect(lost(reports)).toBe(5_000);
  });

  test('is lost once the registry has another daemon of its name, whatever the others know', () => {
    expect(lost(reportsOf(COMPLETE), [gone(3)])).toBe(7_000);
    // A report that came later may be followed by others.
    expect(lost(reportsOf({ ...COMPLETE, 2: { atMs: 9_000 } }), [gone(3)])).toBe(11_000);
  });

  test('is lost once it has had no heartbeat for as long as peers count as live', () => {
    const last = registryEntry(4, NOW_MS + 4_000);
    expect(lost(reportsOf(COMPLETE), [last])).toBe(4_000 + LIVE_MS);
  });

  test('is given time after an outage of the store, in which nobody’s heartbeat came', () => {
    const last = registryEntry(4, NOW_MS);
    expect(lost(reportsOf({ ...COMPLETE, 2: { atMs: 40_000 } }), [last])).toBe(47_000);
    // The end of the outage shows in no report where everybody is still multicasting.
    expect(lost(reportsOf(COMPLETE), [last], 40_000)).toBe(47_000);
    const all = [1, 2, 3, 4].map((number) => registryEntry(number));
    expect(lost(reportsOf({}), all, 40_000)).toBe(47_000);
  });

  test('is awaited for as long as its process may last after it took its leave', () => {
    const leaving = { ...registryEntry(4, 0), leftAtMs: NOW_MS + 4_000 };
    expect(lost(reportsOf(COMPLETE), [leaving])).toBe(4_000 + LIVE_MS);
    expect(lost(reportsOf(COMPLETE), [leaving], 30_000)).toBe(37_000);
  });

  test('is awaited until the deadline where its older daemon did not say when it left', () => {
    expect(lost(reportsOf(COMPLETE), [registryEntry(4, 0)])).toBe(Infinity);
  });

  test('is awaited for as long as any other is not lost', () => {
    const two = reportsOf({ 0: {}, 1: {} });
    expect(lost(two, [gone(3)])).toBe(Infinity);
    expect(lost(two, [gone(3), gone(2, 8_000)])).toBe(10_000);
    const missed = reportsOf({ 0: { missing: ['peer-3'] }, 1: { missing: ['peer-3'] } });
    expect(lost(missed, [gone(3)])).toBe(7_000);
  });

  test('is lost with all the others when all of them were started again', () => {
    expect(lost(reportsOf({}), [gone(0), gone(1), gone(2), gone(3, 9_000)])).toBe(11_000);
  });
});

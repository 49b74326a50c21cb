import { describe, expect, test } from '@jest/globals';
import { describeWaiting, isPastSends } from '../../../cli/run/awaited-members.ts';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { LIVE_MS } from '../../../control/limits.ts';
import type { Document } from '../../../control/ports.ts';
import type { MemberProgress, RunProgress } from '../../../control/runs/run-state.ts';

const NOW_MS = 1_769_903_999_000;
const DEADLINE_MS = new Date(2026, 0, 31, 19, 3, 16).getTime();

const members = [0, 1, 2].map((index) => ({
  peerId: `peer-${index}`,
  incarnation: `incarnation-${index}`,
  zone: 'us-west1-b',
  host: '127.0.0.1',
  port: 40_000 + index,
}));

const plan: RunPlan = {
  runId: '20260131-235959-0a1b2c3d',
  ordering: 'fifo',
  messages: 100,
  intervalMs: { min: 10, max: 30 },
  payloadBytes: 0,
  seed: 7,
  members,
  createdAtMs: NOW_MS,
  joinByMs: NOW_MS + 10_000,
  deadlineMs: DEADLINE_MS,
};

function progress(...outcomes: MemberProgress['outcome'][]): RunProgress {
  return {
    phase: 'running',
    members: members.map(({ peerId, zone }, index) => ({
      peerId,
      zone,
      deliveries: 1,
      multicasts: 1,
      outcome: outcomes[index] ?? null,
    })),
    deliveries: 3,
    deliveriesExpected: 900,
  };
}

/** Everybody's heartbeat is fresh, but for what `changes` says of peer 2. */
function registry(changes: Record<string, unknown> = {}): Document[] {
  return members.map((member, index) => ({
    path: paths.peer(member.peerId),
    fields: { ...member, startedAtMs: 1, heartbeatAtMs: NOW_MS, ...(index === 2 ? changes : {}) },
    bytes: new Uint8Array(),
    createdAtUs: 1,
  }));
}

describe('whom a run waits for', () => {
  test.each([
    ['the one that did not report', progress('complete', 'complete'), registry()],
    ['one without heartbeats', progress(), registry({ heartbeatAtMs: NOW_MS - LIVE_MS - 1 })],
  ])('is %s', (_, reached, registered) => {
    const sentence = 'waiting for peer-2 until 19:03:21';
    expect(describeWaiting(plan, reached, registered, NOW_MS)).toBe(sentence);
  });

  test.each([
    ['was restarted', progress(), registry({ incarnation: 'another-one' })],
    ['has left', progress('settled'), registry().slice(0, 2)],
  ])('is not one that %s: the others go on without it', (_, reached, registered) => {
    const sentence = 'without peer-2, over by 19:03:21 at the latest';
    expect(describeWaiting(plan, reached, registered, NOW_MS)).toBe(sentence);
  });

  test('is nobody in particular while all are there, and nobody when all have reported', () => {
    const restarted = registry({ incarnation: 'another-one' });
    const over = 'over by 19:03:21 at the latest';
    expect(describeWaiting(plan, progress(), registry(), NOW_MS)).toBe(over);
    const all = progress('complete', 'complete', 'complete');
    expect(describeWaiting(plan, all, restarted, NOW_MS)).toBeNull();
  });

  test('is of interest once the sends should be over', () => {
    expect(isPastSends(plan, NOW_MS + 2_000)).toBe(false);
    expect(isPastSends(plan, NOW_MS + 5_000)).toBe(true);
  });
});

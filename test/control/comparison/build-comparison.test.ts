import { describe, expect, test } from '@jest/globals';
import { buildComparison } from '../../../control/comparison/build-comparison.ts';
import type { ComparisonInput, MemberLog } from '../../../control/comparison/member-log.ts';
import { comparisonSchema } from '../../../control/comparison-document.ts';
import type { Report } from '../../../control/documents.ts';
import { sequenceOf, type Event } from '../../core/judge/logs.ts';

const PERCENTILES = { p50: 1, p90: 2, p99: 3, max: 4 };
const ZONES = ['me-west1-a', 'us-west1-b', 'asia-east1-b'];

function reportOf(peer: number, changes: Partial<Report>, lateDeliveries = 1): Report {
  return {
    runId: '20260131-235959-0a1b2c3d',
    peerId: `peer-${peer}`,
    incarnation: 'incarnation',
    outcome: 'complete',
    missing: [],
    chunks: 1,
    deliveries: 3,
    multicasts: 1,
    network: 'emulated',
    roundTripMs: { 'peer-9': 12.5 },
    durationMs: 50,
    counters: {
      datagramsSent: 4,
      datagramsReceived: 5,
      bytesSent: 400,
      bytesReceived: 500,
      dataMessagesSent: 2,
      controlMessagesSent: 3,
      dropped: { forged: 1 },
      emulatedLosses: 0,
      ownLatencyMs: PERCENTILES,
      heldMs: PERCENTILES,
      heldMax: 2,
      deliveredAfterLastArrival: lateDeliveries,
    },
    ...changes,
  };
}

/** Member `peer` of three with one message each: it reported that it delivered them all. */
function memberOf(peer: number, changes: Partial<MemberLog> = {}): MemberLog {
  const events: Event[] = ['multicast', [0, 0], [1, 0], [2, 0]];
  return {
    peerId: `peer-${peer}`,
    zone: ZONES[peer]!,
    standing: 'reported',
    reason: null,
    report: reportOf(peer, {}),
    sequence: sequenceOf(events),
    multicasts: 1,
    multicastsNoted: true,
    reportedAtUs: 1000 - peer,
    ...changes,
  };
}

const SILENT: Partial<MemberLog> = {
  standing: 'silent',
  report: null,
  sequence: sequenceOf([]),
  multicasts: null,
  multicastsNoted: false,
  reportedAtUs: null,
};

function inputOf(members: MemberLog[], changes: Partial<ComparisonInput> = {}): ComparisonInput {
  return {
    runId: '20260131-235959-0a1b2c3d',
    createdAtMs: 1_700_000_000_000,
    ordering: 'fifo',
    declared: ['integrity', 'fifo'],
    backend: 'embedded',
    network: 'emulated',
    seed: 7,
    messages: 1,
    messagesKnown: true,
    members,
    ...changes,
  };
}

function build(members: MemberLog[], changes: Partial<ComparisonInput> = {}) {
  return comparisonSchema.parse(buildComparison(inputOf(members, changes)));
}

describe('the document of a run', () => {
  test('of three members that agree is complete and has nothing to find', () => {
    const comparison = build([0, 1, 2].map((peer) => memberOf(peer)));
    expect(comparison).toMatchObject({
      peers: 3,
      rounds: 3,
      unorderedRounds: 0,
      publishedCountLeavesOut: 0,
      firstDivergence: null,
      kendallTau: { mean: 0, max: 0 },
      cost: { datagramsPerMulticast: 4, bytesPerMulticast: 400, controlMessagesPerMulticast: 3 },
      findings: [],
    });
    expect(Object.values(comparison.guarantees)).toEqual(Array(9).fill({ held: true }));
    expect(comparison.perPeer[1]).toMatchObject({
      peer: 1,
      zone: 'us-west1-b',
      delivered: 3,
      datagrams: { sent: 4, received: 5 },
      messagesSent: { data: 2, control: 3 },
      dropped: { forged: 1 },
      ownLatencyMs: PERCENTILES,
      roundTripMs: { 'peer-9': 12.5 },
    });
  });

  test('survives the store: no array in an array, nothing undefined', () => {
    const members = [
      memberOf(0),
      memberOf(1, {
        sequence: sequenceOf([
          [2, 0],
          [1, 0],
          [0, 0],
        ]),
      }),
    ];
    const comparison = buildComparison(inputOf([...members, memberOf(2, SILENT)]));
    const check = (value: unknown, inArray: boolean): void => {
      expect(value).not.toBeUndefined();
      if (typeof value !== 'object' || value === null) return;
      expect(inArray && Array.isArray(value)).toBe(false);
      for (const part of Object.values(value)) check(part, Array.isArray(value));
    };
    check(comparison, false);
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  });

  test('costs nothing where nobody reported', () => {
    const members = [memberOf(0, SILENT), memberOf(1, SILENT)];
    const { cost, guarantees, kendallTau } = build(members);
    expect([cost, kendallTau.mean, kendallTau.max]).toEqual([null, null, null]);
    expect(guarantees.agreement.held).toBeNull();
  });
});

describe('who counts as correct', () => {
  const short = { sequence: sequenceOf(['multicast', [0, 0]]) };

  test.each([
    ['complete', false],
    ['settled', false],
    ['handshake', true],
    ['abandoned', true],
    ['failed', true],
  ] as const)('a member that ended as %s: what it lacks keeps agreement: %s', (outcome, held) => {
    const report = reportOf(1, { outcome, deliveries: 1 });
    const { guarantees } = build([memberOf(0), memberOf(1, { ...short, report }), memberOf(2)]);
    expect(guarantees.agreement.held).toBe(held);
  });

  test('a run that its deadline cut off: what was not delivered is not held against it', () => {
    const report = reportOf(1, { outcome: 'deadline', deliveries: 1 });
    const { guarantees } = build([memberOf(0), memberOf(1, { ...short, report }), memberOf(2)]);
    expect(guarantees.agreement).toMatchObject({
      held: null,
      reason: expect.stringContaining('the deadline cut the run off at peer-1'),
    });
    expect(guarantees.integrity.held).toBe(true);
  });

  test('a crashed member counts for uniform agreement only', () => {
    const members = [0, 1].map((peer) => memberOf(peer, { sequence: sequenceOf([[peer, 0]]) }));
    const crashed = memberOf(2, { ...SILENT, standing: 'crashed', sequence: sequenceOf([[2, 0]]) });
    const same = members.map((member) => ({
      ...member,
      sequence: sequenceOf([
        [0, 0],
        [1, 0],
      ]),
    }));
    const { guarantees } = build([...same, crashed]);
    expect([guarantees.agreement.held, guarantees.uniformAgreement.held]).toEqual([true, false]);
  });
});

describe('findings', () => {
  const findingsOf = (changes: Partial<MemberLog>) =>
    build([memberOf(0), memberOf(1, changes)]).findings;

  test.each<[string, Partial<MemberLog>, string]>([
    [
      'silent',
      { ...SILENT, reason: 'it never joined' },
      'Peer 1 (peer-1 in us-west1-b) wrote nothing: it never joined.',
    ],
    [
      'crashed',
      { ...SILENT, standing: 'crashed', sequence: sequenceOf([[0, 0]]) },
      'Peer 1 (peer-1 in us-west1-b) wrote 1 delivery and then no report.',
    ],
    [
      'rejected',
      { ...SILENT, standing: 'rejected', reason: 'its chunk 0 is missing' },
      'What peer 1 (peer-1 in us-west1-b) wrote could not be used: its chunk 0 is missing.',
    ],
    [
      'a handshake that failed',
      { report: reportOf(1, { outcome: 'handshake', missing: ['peer-0', 'peer-7'] }) },
      'Peer 1 (peer-1 in us-west1-b) gave up before the run, because members did not answer ' +
        '(it missed peer-0 in me-west1-a, peer-7).',
    ],
    [
      'a deadline',
      { report: reportOf(1, { outcome: 'deadline', reason: 'Time was over.' }) },
      "Peer 1 (peer-1 in us-west1-b) was stopped by the run's deadline: Time was over.",
    ],
    [
      'a signal',
      { report: reportOf(1, { outcome: 'abandoned', reason: 'SIGTERM' }), reason: 'SIGTERM' },
      'Peer 1 (peer-1 in us-west1-b) was told to stop before the end (SIGTERM).',
    ],
    [
      'what a crash leaves unknown',
      { ...SILENT, standing: 'crashed', sequence: sequenceOf([[0, 0]]) },
      'What peer 1 (peer-1 in us-west1-b) wrote lacks 1 message; what it delivered in its last ' +
        'second is not known.',
    ],
    [
      'too many multicasts',
      { multicasts: 9 },
      'Peer 1 (peer-1 in us-west1-b) claims 9 multicasts where 1 were asked: those beyond count as invented.',
    ],
    ['too few', { multicasts: 0 }, 'Peer 1 (peer-1 in us-west1-b) multicast 0 of 1 message.'],
    [
      'a report that differs',
      { report: reportOf(1, { deliveries: 8 }) },
      'The report of peer 1 (peer-1 in us-west1-b) counts 8 deliveries, its log has 3.',
    ],
    [
      'a load that was not reached',
      { report: reportOf(1, { pace: { plannedMs: 2_000, behindMs: 300 } }) },
      'Peer 1 (peer-1 in us-west1-b) did not reach the offered load: it was to multicast its messages within ' +
        '2.0 s, and took 2.3 s, because it stood still or had no room for more.',
    ],
    [
      'a loss',
      { sequence: sequenceOf([[1, 0]]) },
      'Peer 1 (peer-1 in us-west1-b) never delivered 1 message.',
    ],
    [
      'a duplicate',
      {
        sequence: sequenceOf([
          [1, 0],
          [0, 0],
          [1, 0],
        ]),
      },
      'Peer 1 (peer-1 in us-west1-b) delivered again what it had delivered, 1 time.',
    ],
    [
      'inventions',
      {
        sequence: sequenceOf([
          [1, 0],
          [0, 0],
          [5, 0],
          [0, 6],
        ]),
      },
      'Peer 1 (peer-1 in us-west1-b) delivered 2 messages that nobody multicast.',
    ],
  ])('name %s', (_, changes, sentence) => {
    expect(findingsOf(changes)).toContain(sentence);
  });

  test.each([
    [1, false],
    [2, false],
    [3, true],
  ])('of %d in 3 deliveries after the last arrival: remarked: %s', (late, remarked) => {
    const findings = findingsOf({ report: reportOf(1, {}, late) }).join('\n');
    expect(findings.includes('only after the last one had arrived')).toBe(remarked);
  });

  test('say nothing against an order that takes longer than the run, where all messages wait as long, or than its deadline', () => {
    const { counters } = reportOf(1, {}, 3);
    const steady = { ...counters, ownLatencyMs: { p50: 900, p90: 980, p99: 990, max: 990 } };
    for (const changes of [{ counters: steady }, { counters, outcome: 'deadline' as const }]) {
      const findings = findingsOf({ report: reportOf(1, changes) });
      expect(findings.join('\n')).not.toContain('only after');
    }
  });

  test('say when the number of messages was inferred', () => {
    const { findings, messagesKnown } = build([memberOf(0)], { messagesKnown: false });
    expect([findings[0], messagesKnown]).toEqual([
      'How many messages each peer multicast was not given; 1 message a peer is what the logs imply.',
      false,
    ]);
  });
});

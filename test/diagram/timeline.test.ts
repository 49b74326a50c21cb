import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventLog, EventType, LoggedEvent } from '../../core/records/event-log.ts';
import { Kind } from '../../core/message.ts';
import { buildTimeline, type Timeline } from '../../diagram/timeline.ts';
import { anyLogs, logOf, opposedLogs } from './logs.ts';

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly atUs: number;
  readonly delayUs: number;
}

interface World {
  readonly clocks: readonly { readonly offsetUs: number; readonly rate: number }[];
  readonly transfers: readonly Transfer[];
}

const PEERS = 4;
const HALF_A_MINUTE_US = 30_000_000;

function worldOf(rate: fc.Arbitrary<number>): fc.Arbitrary<World> {
  return fc.record({
    clocks: fc.array(fc.record({ offsetUs: fc.nat(1_000_000_000), rate }), {
      minLength: PEERS,
      maxLength: PEERS,
    }),
    transfers: fc.array(
      fc.record({
        from: fc.nat(PEERS - 1),
        to: fc.nat(PEERS - 1),
        atUs: fc.nat(HALF_A_MINUTE_US),
        delayUs: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 400_000 })),
      }),
      { maxLength: 60 },
    ),
  });
}

/** What the peers of such a world would record, each on its own clock. */
function recordWorld({ clocks, transfers }: World): EventLog[] {
  const happened = transfers
    .filter(({ from, to }) => from !== to)
    .flatMap(({ from, to, atUs, delayUs }, packet) => [
      { peer: from, trueUs: atUs, type: EventType.send, other: to, packet },
      { peer: to, trueUs: atUs + delayUs, type: EventType.arrive, other: from, packet },
    ])
    .sort((one, other) => one.trueUs - other.trueUs);
  const logs = clocks.map(() => new EventLog());
  for (const { peer, trueUs, type, other, packet } of happened) {
    const { offsetUs, rate } = clocks[peer]!;
    const atUs = Math.floor(offsetUs + trueUs * rate);
    logs[peer]!.add(new LoggedEvent(type, atUs, other, packet, Kind.data, 0, packet));
  }
  return logs;
}

function expectForward({ events, peers }: Timeline): void {
  const last = Array.from({ length: peers }, () => ({ atUs: -Infinity, index: -1 }));
  for (const timed of events) {
    const before = last[timed.peer]!;
    expect(timed.index).toBe(before.index + 1);
    expect(timed.atUs).toBeGreaterThanOrEqual(before.atUs);
    if (timed.sent !== null) expect(timed.atUs).toBeGreaterThanOrEqual(timed.sent.atUs);
    last[timed.peer] = timed;
  }
}

describe('a timeline', () => {
  test('has no arrow that points backwards, whatever the clocks are ahead or drift', () => {
    const rates = fc.oneof(fc.constant(1), fc.double({ min: 0.9, max: 1.1, noNaN: true }));
    fc.assert(
      fc.property(worldOf(rates), (world) => {
        const logs = recordWorld(world);
        const timeline = buildTimeline(logs, 'own');
        expectForward(timeline);
        const count = world.transfers.filter(({ from, to }) => from !== to).length;
        expect(timeline.events.filter(({ sent }) => sent !== null)).toHaveLength(count);
      }),
    );
  });

  test('moves the events of a peer together where its clock is only ahead', () => {
    fc.assert(
      fc.property(worldOf(fc.constant(1)), (world) => {
        const logs = recordWorld(world);
        const { events, offsetsUs } = buildTimeline(logs, 'own');
        const moves = logs.map(() => new Set<number>());
        for (const { peer, atUs, event } of events) {
          moves[peer]!.add(atUs - event.atUs - offsetsUs![peer]!);
        }
        // Whole microseconds: rounding an offset may cost one.
        for (const own of moves) {
          const span = own.size === 0 ? 0 : Math.max(...own) - Math.min(...own);
          expect(span).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('finds offsets to within half the difference of the ways there and back', () => {
    const aheadUs = 700_000;
    const logs = recordWorld({
      clocks: [
        { offsetUs: 0, rate: 1 },
        { offsetUs: aheadUs, rate: 1 },
      ],
      transfers: [
        { from: 0, to: 1, atUs: 1_000, delayUs: 10_000 },
        { from: 1, to: 0, atUs: 50_000, delayUs: 14_000 },
        { from: 0, to: 1, atUs: 90_000, delayUs: 80_000 },
      ],
    });
    const { offsetsUs } = buildTimeline(logs, 'own');
    const found = offsetsUs![0]! - offsetsUs![1]!;
    expect(Math.abs(found - aheadUs)).toBeLessThanOrEqual(2_000);
  });

  test('keeps its promises for logs that contradict each other', () => {
    fc.assert(
      fc.property(anyLogs, fc.constantFrom('one', 'own'), (logs, clocks) => {
        const timeline = buildTimeline(logs, clocks as 'one' | 'own');
        expectForward(timeline);
        const recorded = logs.reduce((sum, { events }) => sum + events.length, 0);
        expect(timeline.events).toHaveLength(recorded);
      }),
    );
  });

  test('takes the times of one clock as they are', () => {
    const { events, offsetsUs } = buildTimeline(opposedLogs(), 'one');
    expect(offsetsUs).toBeNull();
    expect(events.every(({ atUs, event }) => atUs === event.atUs)).toBe(true);
  });

  test('breaks the circle of two messages that each arrived before the other was sent', () => {
    const logs = [
      logOf([1, 'arrive', 1, 1, 0], [2, 'send', 1, 0, 0]),
      logOf([1, 'arrive', 0, 0, 0], [2, 'send', 0, 1, 0]),
    ];
    const timeline = buildTimeline(logs, 'own');
    expectForward(timeline);
    expect(timeline.events.filter(({ sent }) => sent !== null)).toHaveLength(1);
  });

  test('knows a message as lost once a later one of its path arrived, and not before', () => {
    const sender = logOf([0, 'send', 1, 0, 0], [1, 'send', 1, 0, 1], [2, 'send', 1, 0, 2]);
    const receiver = logOf([9, 'arrive', 0, 0, 1]);
    const { events, unmatched } = buildTimeline([sender, receiver], 'one');
    const lost = events.filter((timed) => timed.lost).map(({ event }) => event.sequence);
    expect(lost).toEqual([0]);
    // The last may still have arrived after the recording.
    expect(unmatched).toBe(1);
  });
});

import { describe, expect, test } from '@jest/globals';
import { RunGroup } from '../../../bench/virtual-group/run-group.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { ClosedLoop } from '../../../peer/run/flow/closed-loop.ts';

const MS = 1_000;

describe('the closed loop', () => {
  /** The windows after each of `rounds`, in which what fills the window takes `tookUs` of its size and of the round. */
  function windowsOf(rounds: number, tookUs: (window: number, round: number) => number): number[] {
    const loop = new ClosedLoop();
    const windows: number[] = [];
    let now = 0;
    let multicasts = 0;
    for (let round = 0; round < rounds; round += 1) {
      const delivered = multicasts;
      const room = loop.room(multicasts, delivered);
      loop.multicast(now, multicasts, room, delivered);
      multicasts += room;
      expect(loop.room(multicasts, delivered)).toBe(0);
      now += tookUs(room, round);
      loop.observe(now, multicasts);
      windows.push(loop.window);
    }
    return windows;
  }

  /** The window after `rounds` in which every message takes `tookUs`, but the first `shortestUs`. */
  function windowAfter(rounds: number, tookUs: number, shortestUs = tookUs): number {
    return windowsOf(rounds, (_, round) => (round === 0 ? shortestUs : tookUs)).at(-1)!;
  }

  test('grows while messages are delivered soon, up to a bound', () => {
    expect(windowAfter(10, MS)).toBeGreaterThan(500);
    expect(windowAfter(100, MS)).toBe(16_384);
  });

  /** The windows of `rounds` in which the group delivers `perMs` of a member's messages, and none within 1 ms. */
  function windowsAt(perMs: number, rounds: number): number[] {
    return windowsOf(rounds, (window, round) =>
      round === 0 ? MS : Math.max(1, Math.ceil(window / perMs)) * MS,
    );
  }

  test('shrinks while they are not, to what is delivered in some 10 ms', () => {
    const windows = windowsAt(10, 100).slice(20);
    expect(Math.min(...windows)).toBeGreaterThanOrEqual(64);
    expect(Math.max(...windows)).toBeLessThanOrEqual(128);
  });

  test('has a least window, and lets a slow group have a little more than that', () => {
    const windows = windowsAt(0.5, 100);
    expect(Math.min(...windows)).toBe(16);
    expect(Math.max(...windows.slice(20))).toBeLessThanOrEqual(64);
  });

  test('takes the distance for no congestion', () => {
    expect(windowAfter(100, 300 * MS)).toBe(16_384);
    expect(windowAfter(100, 500 * MS, 300 * MS)).toBe(16_384);
  });

  test('takes no lucky delivery for the distance for good', () => {
    // Until the least window shows that deliveries take 300 ms however little is under way.
    expect(windowAfter(6, 300 * MS, 60 * MS)).toBe(16);
    expect(windowAfter(100, 300 * MS, 60 * MS)).toBe(16_384);
  });

  test('does not grow when there was nothing more to multicast', () => {
    const loop = new ClosedLoop();
    for (let sequence = 0; sequence < 50; sequence += 1) {
      loop.room(sequence, sequence);
      loop.multicast(sequence * MS, sequence, 1, sequence);
      loop.observe(sequence * MS + 1, sequence + 1);
    }
    expect(loop.window).toBe(64);
  });

  test('grows where each message is delivered as it is multicast, so that more leave together', () => {
    const loop = new ClosedLoop();
    for (let sequence = 0; sequence < 1_000; sequence += 100) {
      loop.multicast(sequence, sequence, Math.min(loop.room(sequence, sequence), 100), sequence);
      loop.observe(sequence, sequence + 100);
    }
    // Up to what is multicast together: a larger one was never full.
    expect(loop.window).toBe(Math.floor(64 * 1.25 ** 3));
  });

  /** How many of a window of 64 may be multicast when `free` of it are, after a delivery that took `tookUs`. */
  function roomOf(free: number, tookUs: number): number {
    const loop = new ClosedLoop();
    loop.multicast(0, 0, 1, 0);
    loop.observe(tookUs, 1);
    expect(loop.window).toBe(64);
    return loop.room(64, free);
  }

  test('multicasts half a window at once in a near group, and one by one in a far one', () => {
    expect(roomOf(31, MS)).toBe(0);
    expect(roomOf(32, MS)).toBe(32);
    expect(roomOf(1, 100 * MS)).toBe(1);
  });
});

test.each(['fifo', 'sequencer-bb'])(
  'a member of %s far from the others multicasts no faster than its channels carry',
  async (name) => {
    const network = { delay: { kind: 'constant', us: 100 * MS } } as const;
    const size = { peers: 3, messages: 3_000, payloadBytes: 1_000, seed: 1 };
    const intervalMs = { min: 0, max: 0 };
    const entry = ORDERINGS.get(name)!;
    const group = await new RunGroup({ entry, ...size, network, intervalMs }).run();
    const tookMs = Math.max(...group.reports.map((_, self) => group.reportedAtUs(self))) / MS;
    // Everything was multicast at once, and waited in the channels: a whole run of messages, at each sender.
    for (const report of group.reports) {
      expect(report).toMatchObject({ outcome: 'complete' });
      expect(report!.pace!.behindMs).toBeGreaterThan(tookMs / 3);
    }
  },
);

import { describe, expect, test } from '@jest/globals';
import { ClosedLoop } from '../../../peer/run/closed-loop.ts';
import { FlowControl } from '../../../peer/run/flow-control.ts';

const MS = 1_000;

/** The numbers of the datagrams that leave for member 1 at `now`, of those up to `last`. */
function leaving(credit: FlowControl, now: number, from: number, last: number): number[] {
  const left: number[] = [];
  for (let packet = from; packet <= last && credit.take(now, 1, packet); packet += 1) {
    left.push(packet);
  }
  return left;
}

describe('the credit of a receiver', () => {
  test('lets a sender get only so far ahead', () => {
    const credit = new FlowControl(4);
    const first = leaving(credit, 0, 1, 1_000);
    expect(first).toHaveLength(16);
    credit.credited(1, 10, 61);
    expect(leaving(credit, 1 * MS, 17, 1_000)).toHaveLength(71 - 16);
  });

  test('is tried for, one datagram at a time, when it does not come', () => {
    const credit = new FlowControl(4);
    const [first] = [leaving(credit, 0, 1, 1_000).at(-1)!];
    expect(leaving(credit, 49 * MS, first + 1, 1_000)).toEqual([]);
    expect(credit.retryAt(1)).toBe(50 * MS);
    expect(leaving(credit, 50 * MS, first + 1, 1_000)).toEqual([first + 1]);
  });

  test('that is older than another takes nothing back', () => {
    const credit = new FlowControl(4);
    credit.credited(1, 100, 20);
    credit.credited(1, 50, 20);
    expect(leaving(credit, 0, 101, 1_000)).toHaveLength(20);
  });

  test('is waited for no longer than twenty tries, each 50 ms after the one before', () => {
    const credit = new FlowControl(4);
    let packet = leaving(credit, 0, 1, 1_000).at(-1)! + 1;
    let now = 0;
    for (; !credit.isStale(1); now += 10 * MS) if (credit.take(now, 1, packet)) packet += 1;
    expect(now).toBeGreaterThan(1_000 * MS);
    expect(now).toBeLessThan(1_100 * MS);
    credit.credited(1, 16, 61);
    expect(credit.isStale(1)).toBe(false);
  });

  test('is not taken for missing by a member that was stopped itself', () => {
    const credit = new FlowControl(4);
    const last = leaving(credit, 0, 1, 1_000).at(-1)!;
    leaving(credit, 60_000 * MS, last + 1, 1_000);
    expect(credit.isStale(1)).toBe(false);
  });

  test('is spoken of when half of it is used, counting what was lost on the way', () => {
    const credit = new FlowControl(4);
    credit.received(1, 8);
    expect(credit.due(1)).toBe(8);
    const half = Math.floor(credit.grant / 2);
    for (let packet = 9; packet < 8 + half; packet += 2) credit.received(1, packet);
    expect(credit.due(1)).toBe(0);
    credit.received(1, 8 + half + 3);
    expect(credit.due(1)).toBe(8 + half + 3);
    expect(credit.due(1)).toBe(0);
  });

  test.each([2, 3, 4, 8, 32])(
    'never runs out between two of %i members that take in what comes at once',
    (size) => {
      const [sender, receiver] = [new FlowControl(size), new FlowControl(size)];
      for (let packet = 1; packet <= 5_000; packet += 1) {
        expect(sender.take(0, 1, packet)).toBe(true);
        receiver.received(0, packet);
        const taken = receiver.due(0);
        if (taken > 0) sender.credited(1, taken, receiver.grant);
      }
      expect(sender.isStale(1)).toBe(false);
    },
  );

  test.each([2, 4, 8, 16, 32])('of all %i members together fits a socket, or is small', (size) => {
    const { grant } = new FlowControl(size);
    expect(grant === 8 || grant * (size - 1) <= 184).toBe(true);
  });
});

describe('the closed loop', () => {
  /** A window after `rounds` in which every message takes `tookUs`, but the first `shortestUs`. */
  function windowAfter(rounds: number, tookUs: number, shortestUs = tookUs): number {
    const loop = new ClosedLoop();
    let now = 0;
    let multicasts = 0;
    for (let round = 0; round < rounds; round += 1) {
      const delivered = multicasts;
      for (let room = loop.room(multicasts, delivered); room > 0; room -= 1) {
        loop.multicast(now, multicasts);
        multicasts += 1;
      }
      expect(loop.room(multicasts, delivered)).toBe(0);
      now += round === 0 ? shortestUs : tookUs;
      loop.observe(now, multicasts);
    }
    return loop.window;
  }

  test('grows while messages are delivered soon, up to a bound', () => {
    expect(windowAfter(10, MS)).toBeGreaterThan(500);
    expect(windowAfter(100, MS)).toBe(16_384);
  });

  test('shrinks while they are not, down to a bound', () => {
    expect(windowAfter(3, 100 * MS, MS)).toBeLessThan(64);
    expect(windowAfter(100, 100 * MS, MS)).toBe(16);
  });

  test('takes the distance for no congestion', () => {
    expect(windowAfter(100, 300 * MS)).toBe(16_384);
    expect(windowAfter(100, 500 * MS, 300 * MS)).toBe(16_384);
  });

  test('does not grow when there was nothing more to multicast', () => {
    const loop = new ClosedLoop();
    for (let sequence = 0; sequence < 50; sequence += 1) {
      loop.room(sequence, sequence);
      loop.multicast(sequence * MS, sequence);
      loop.observe(sequence * MS + 1, sequence + 1);
    }
    expect(loop.window).toBe(64);
  });
});

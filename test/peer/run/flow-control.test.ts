import { describe, expect, test } from '@jest/globals';
import { ClosedLoop } from '../../../peer/run/closed-loop.ts';
import { FlowControl } from '../../../peer/run/flow-control.ts';

const MS = 1_000;

/** The numbers of the datagrams that leave for member 1 at `now`, of those up to `last`. */
function leaving(credit: FlowControl, now: number, from: number, last: number): number[] {
  const left: number[] = [];
  for (let packet = from; packet <= last && credit.admits(now, 1); packet += 1) {
    credit.left(now, 1, packet);
    left.push(packet);
  }
  return left;
}

describe('the credit of a receiver', () => {
  test('lets a sender get only so far ahead', () => {
    const credit = new FlowControl(4);
    const first = leaving(credit, 0, 1, 1_000);
    expect(first).toHaveLength(16);
    credit.credited(60_000 * MS, 1, 10, 61);
    // Ten datagrams in a minute: the path holds the ten, and the receiver has room for 61.
    expect(leaving(credit, 60_000 * MS, 17, 1_000)).toHaveLength(10 + 71 - 16);
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
    expect(leaving(credit, 0, 1, 16)).toHaveLength(16);
    credit.credited(0, 1, 16, 20);
    expect(leaving(credit, 0, 17, 1_000)).toHaveLength(20);
    credit.credited(0, 1, 8, 61);
    expect(leaving(credit, 0, 37, 1_000)).toHaveLength(0);
  });

  test('is waited for no longer than twenty tries, each 50 ms after the one before', () => {
    const credit = new FlowControl(4);
    let packet = leaving(credit, 0, 1, 1_000).at(-1)! + 1;
    let now = 0;
    for (; !credit.isStale(1); now += 10 * MS)
      packet += leaving(credit, now, packet, packet).length;
    expect(now).toBeGreaterThan(1_000 * MS);
    expect(now).toBeLessThan(1_100 * MS);
    credit.credited(now, 1, 16, 61);
    expect(credit.isStale(1)).toBe(false);
  });

  test('is not taken for missing by a member that was stopped itself', () => {
    const credit = new FlowControl(4);
    const last = leaving(credit, 0, 1, 1_000).at(-1)!;
    leaving(credit, 60_000 * MS, last + 1, 1_000);
    expect(credit.isStale(1)).toBe(false);
  });

  test('is spoken of when half of it is used, whatever its sender sent to others meanwhile', () => {
    const credit = new FlowControl(4);
    for (let count = 1; count <= 8; count += 1) credit.received(1, 10 * count);
    expect(credit.due(1)).toBe(80);
    const half = Math.floor(credit.grant / 2);
    for (let count = 1; count < half; count += 1) credit.received(1, 80 + 10 * count);
    expect(credit.due(1)).toBe(0);
    credit.received(1, 5_000);
    expect(credit.due(1)).toBe(5_000);
    expect(credit.due(1)).toBe(0);
  });

  test('is asked for with the last datagram, and then given, however few came', () => {
    const [sender, receiver] = [new FlowControl(4), new FlowControl(4)];
    const asking: number[] = [];
    for (let packet = 1; sender.admits(0, 1); packet += 1) {
      if (sender.isLast(1)) asking.push(packet);
      sender.left(0, 1, packet);
    }
    expect(asking).toEqual([16]);
    receiver.received(0, 16);
    expect(receiver.due(0)).toBe(0);
    expect(receiver.due(0, true)).toBe(16);
    sender.credited(0, 1, 16, receiver.grant);
    expect(leaving(sender, 0, 17, 1_000)).toHaveLength(receiver.grant);
  });

  test.each([2, 3, 4, 8, 32])(
    'never runs out between two of %i members that take in what comes at once',
    (size) => {
      const [sender, receiver] = [new FlowControl(size), new FlowControl(size)];
      for (let packet = 1; packet <= 5_000; packet += 1) {
        expect([sender.admits(0, 1), sender.isLast(1)]).toEqual([true, false]);
        sender.left(0, 1, packet);
        receiver.received(0, packet);
        const taken = receiver.due(0);
        if (taken > 0) sender.credited(0, 1, taken, receiver.grant);
      }
      expect(sender.isStale(1)).toBe(false);
    },
  );

  test.each([2, 4, 8, 16, 32])('of all %i members together fits a socket, or is small', (size) => {
    const { grant } = new FlowControl(size);
    expect(grant === 8 || grant * (size - 1) <= 184).toBe(true);
  });
});

describe('the credit for larger datagrams', () => {
  test.each([1_200, 4_000, 9_000, 16_000, 60_000])('of %i bytes fits the socket', (bytes) => {
    for (const buffer of [2 * 212_992, 8 * 2 ** 20]) {
      for (const size of [2, 4]) {
        const { grant } = new FlowControl(size, bytes, buffer);
        const takenBytes = grant * (size - 1) * (bytes + Math.max(1_104, bytes));
        expect(grant === 2 || takenBytes <= buffer).toBe(true);
        expect(grant).toBeGreaterThanOrEqual(2);
      }
    }
  });

  test('begins with fewer of them, of which the last one asks', () => {
    const credit = new FlowControl(4, 16_000);
    expect(leaving(credit, 0, 1, 1)).toEqual([1]);
    expect(credit.isLast(1)).toBe(true);
    expect(leaving(credit, 0, 2, 1_000)).toEqual([2]);
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

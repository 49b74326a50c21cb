import { describe, expect, test } from '@jest/globals';
import type { Credit } from '../../../core/wire/credit.ts';
import { Grants } from '../../../peer/run/flow/grants.ts';
import { LossLimit } from '../../../peer/run/flow/loss-limit.ts';
import { SendCredit } from '../../../peer/run/flow/send-credit.ts';

const MS = 1_000;
const ROOM = 20;

function creditOf(): SendCredit {
  return new SendCredit({ granted: ROOM, retransmits: true, datagramBytes: 1_200 });
}

interface Path {
  readonly roundTripUs: number;
  /** How long the receiver is busy with a datagram. */
  readonly datagramUs: number;
}

/**
 * A sender that always has something to send, and a receiver that takes in one datagram after the other and
 * tells of each tenth: what the sender's window was in the end, how many datagrams got through, and how
 * many waited at the receiver at most.
 */
function exchange(path: Path, untilUs: number, credit = creditOf()) {
  const { roundTripUs, datagramUs } = path;
  const arrivals: { packet: number; at: number }[] = [];
  const grants: { credit: Credit; at: number }[] = [];
  const counts = { packet: 0, taken: 0, waitingMax: 0 };
  let freeAt = 0;
  for (let now = 0; now < untilUs; now += 100) {
    while (grants[0] && grants[0].at <= now) credit.credited(now, grants.shift()!.credit);
    while (arrivals[0] && Math.max(arrivals[0].at, freeAt) <= now) {
      const { packet } = arrivals.shift()!;
      freeAt = Math.max(freeAt, now) + datagramUs;
      counts.taken += 1;
      const told = { packet, ahead: ROOM, taken: counts.taken };
      if (packet % 10 === 0) grants.push({ credit: told, at: now + roundTripUs / 2 });
    }
    const waiting = arrivals.filter(({ at }) => at <= now).length;
    counts.waitingMax = Math.max(counts.waitingMax, waiting);
    while (credit.admits(now) && arrivals.length < 10_000) {
      counts.packet += 1;
      credit.sent(now, counts.packet);
      arrivals.push({ packet: counts.packet, at: now + roundTripUs / 2 });
    }
  }
  return { ...counts, window: credit.window };
}

describe('the credit of a sender', () => {
  test('grows by the room of the receiver in each round trip, where the receiver keeps up', () => {
    const path = { roundTripUs: 200 * MS, datagramUs: 0 };
    const { window } = exchange(path, 2_000 * MS);
    expect(window).toBeGreaterThan(5 * ROOM);
    expect(window).toBeLessThanOrEqual(11 * ROOM);
  });

  test('makes a sender far away nearly as fast as a near one, once it has grown', () => {
    const datagramUs = 1 * MS;
    const near = exchange({ roundTripUs: 1 * MS, datagramUs }, 20_000 * MS).taken;
    const far = exchange({ roundTripUs: 200 * MS, datagramUs }, 20_000 * MS).taken;
    expect(near).toBeGreaterThan(19_000);
    expect(far).toBeGreaterThan(0.8 * near);
  });

  test('is no more than the room of a receiver nearby, in whose socket everything waits', () => {
    const { window, waitingMax } = exchange({ roundTripUs: 1 * MS, datagramUs: 100 }, 2_000 * MS);
    expect([window, waitingMax <= ROOM + 1]).toEqual([ROOM, true]);
  });

  test.each([1, 20, 200])(
    'leaves about the room of the receiver to wait there, %i ms away',
    (roundTripMs) => {
      const path = { roundTripUs: roundTripMs * MS, datagramUs: 1 * MS };
      expect(exchange(path, 20_000 * MS).waitingMax).toBeLessThanOrEqual(ROOM + 10);
    },
  );

  test('falls back to the room when the receiver does not answer for long', () => {
    const credit = creditOf();
    const { packet } = exchange({ roundTripUs: 200 * MS, datagramUs: 0 }, 2_000 * MS, credit);
    const grown = credit.window;
    credit.credited(60_000 * MS, { packet, ahead: ROOM, taken: packet });
    expect(credit.window).toBeLessThan(grown / 4);
  });

  test('takes datagrams that were overtaken by the last one of all for no loss', () => {
    const credit = creditOf();
    let packet = 0;
    for (let now = 0; now < 100 * MS; now += MS) {
      for (let count = 0; count < 20; count += 1) credit.sent(now, (packet += 1));
      credit.credited(now, { packet, ahead: 100, taken: packet - 5 });
      credit.credited(now, { packet, ahead: 100, taken: packet });
    }
    expect(credit.window).toBeGreaterThanOrEqual(100);
  });

  test('has an upper bound, however fast and far the receiver is', () => {
    const { window } = exchange({ roundTripUs: 400 * MS, datagramUs: 0 }, 60_000 * MS);
    expect(window).toBe(ROOM + 1_024);
  });
});

/**
 * A sender that always has something to send, over a path that carries `perSecond` datagrams, of which `queue` may wait, and
 * that takes 100 ms there and back: what it sent in the second half of 20 s, and which part of that was lost.
 */
function crowd(perSecond: number, queue: number): { sentPerSecond: number; lostShare: number } {
  const credit = new SendCredit({ granted: 16, retransmits: false, datagramBytes: 1_200 });
  const grants = new Grants(2, 1_200, 4 * 2 ** 20);
  const arrivals: { at: number; packet: number; asks: boolean }[] = [];
  const told: { at: number; credit: Credit }[] = [];
  credit.observe(100 * MS);
  let [packet, freeAt, sent, lost] = [0, 0, 0, 0];
  for (let now = 0; now < 20_000 * MS; now += 100) {
    for (; arrivals[0] !== undefined && arrivals[0].at <= now; arrivals.shift()) {
      grants.received(now, 1, arrivals[0].packet);
      const due = grants.due(1, arrivals[0].asks);
      if (due !== null) told.push({ at: now + 50 * MS, credit: due });
      grants.endTurn(now);
    }
    // Its timer goes off each millisecond at most.
    let isAwake = now % MS === 0;
    for (; told[0] !== undefined && told[0].at <= now; isAwake = true) {
      credit.credited(now, told.shift()!.credit);
    }
    // Sending a datagram takes it 5 microseconds.
    for (let at = now; isAwake && at < now + 100 && credit.admits(now); at += 5) {
      const { asks } = credit;
      packet += 1;
      credit.sent(now, packet);
      const isCounted = now > 10_000 * MS;
      if (isCounted) sent += 1;
      if (freeAt - at < (queue * 1e6) / perSecond) {
        freeAt = Math.max(freeAt, at) + 1e6 / perSecond;
        arrivals.push({ at: freeAt + 50 * MS, packet, asks });
      } else if (isCounted) lost += 1;
    }
  }
  return { sentPerSecond: sent / 10, lostShare: lost / sent };
}

describe('a sender on a path that is full', () => {
  test.each([
    [500, 50],
    [2_000, 100],
    [2_000, 400],
  ])(
    'of %i datagrams a second, of which %i may wait, loses few and uses most of it',
    (rate, queue) => {
      const { sentPerSecond, lostShare } = crowd(rate, queue);
      expect(lostShare).toBeLessThan(0.06);
      expect(sentPerSecond * (1 - lostShare)).toBeGreaterThan(0.7 * rate);
    },
  );

  // Without pacing 16, 7, 4 and 14 % of these was used.
  test.each([
    [500, 10],
    [2_000, 10],
    [4_000, 10],
    [4_000, 40],
  ])(
    'of %i datagrams a second, of which only %i may wait, uses a third of it at least, as it is paced',
    (rate, queue) => {
      const { sentPerSecond, lostShare } = crowd(rate, queue);
      expect(lostShare).toBeLessThan(0.06);
      expect(sentPerSecond * (1 - lostShare)).toBeGreaterThan(0.35 * rate);
    },
  );
});

describe('the limit that losses are', () => {
  /** The limit after rounds in each of which `told` datagrams were told of and `arrived` of them came. */
  function after(
    rounds: number,
    told: number,
    arrived: number,
    limit = new LossLimit(16),
  ): LossLimit {
    for (let round = 1; round <= rounds; round += 1) {
      limit.heard(round * told, told, arrived, round * told, Math.min(limit.size, 200));
    }
    return limit;
  }

  test('is none where less than a tenth is lost', () => {
    expect(after(100, 300, 271).size).toBe(Infinity);
  });

  test('is seven tenths of what was under way, again and again, down to the least', () => {
    expect(after(1, 300, 240).size).toBeCloseTo(140);
    expect(after(2, 300, 240).size).toBeCloseTo(98);
    expect(after(100, 300, 240).size).toBe(16);
  });

  test('needs some hundred datagrams to judge by, in however many round trips', () => {
    expect(after(3, 64, 32).size).toBe(Infinity);
    expect(after(4, 64, 32).size).toBeCloseTo(140);
  });

  test('grows while less is lost', () => {
    expect(after(32, 300, 300, after(2, 300, 240)).size).toBeGreaterThan(2 * 98);
  });

  test('takes what was overtaken for no loss, once it came, whatever else it is told then', () => {
    const limit = new LossLimit(16);
    limit.heard(150, 150, 100, 300, 200);
    limit.heard(300, 150, 150, 600, 200);
    expect(limit.size).toBeCloseTo(140);
    const late = new LossLimit(16);
    late.heard(150, 150, 100, 300, 200);
    late.heard(150, 0, 50, 300, 200);
    late.heard(300, 150, 110, 600, 200);
    expect(late.size).toBe(Infinity);
  });
});

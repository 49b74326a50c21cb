import { describe, expect, test } from '@jest/globals';
import { SendCredit } from '../../../peer/run/flow/send-credit.ts';

const MS = 1_000;
const ROOM = 20;

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
function exchange(path: Path, untilUs: number, credit = new SendCredit(ROOM)) {
  const { roundTripUs, datagramUs } = path;
  const arrivals: { packet: number; at: number }[] = [];
  const grants: { packet: number; at: number }[] = [];
  const counts = { packet: 0, taken: 0, waitingMax: 0 };
  let freeAt = 0;
  for (let now = 0; now < untilUs; now += 100) {
    while (grants[0] && grants[0].at <= now) credit.credited(now, grants.shift()!.packet, ROOM);
    while (arrivals[0] && Math.max(arrivals[0].at, freeAt) <= now) {
      const { packet } = arrivals.shift()!;
      freeAt = Math.max(freeAt, now) + datagramUs;
      counts.taken += 1;
      if (packet % 10 === 0) grants.push({ packet, at: now + roundTripUs / 2 });
    }
    const waiting = arrivals.filter(({ at }) => at <= now).length;
    counts.waitingMax = Math.max(counts.waitingMax, waiting);
    while (credit.admits(now) && arrivals.length < 10_000) {
      counts.packet += 1;
      credit.left(now, counts.packet);
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
    const credit = new SendCredit(ROOM);
    exchange({ roundTripUs: 200 * MS, datagramUs: 0 }, 2_000 * MS, credit);
    const grown = credit.window;
    credit.credited(60_000 * MS, 1_000_000, ROOM);
    expect(credit.window).toBeLessThan(grown / 4);
  });

  test('has an upper bound, however fast and far the receiver is', () => {
    const { window } = exchange({ roundTripUs: 400 * MS, datagramUs: 0 }, 60_000 * MS);
    expect(window).toBe(ROOM + 1_024);
  });
});

import { describe, expect, test } from '@jest/globals';
import { GRANTED_BYTES_DEFAULT } from '../../../peer/transport/receive-buffer.ts';
import { Grants, initialGrant } from '../../../peer/run/flow/grants.ts';
import { SendCredit } from '../../../peer/run/flow/send-credit.ts';

const MS = 1_000;

/** The grants of a member of `size` whose socket has what systems give by default. */
function grantsOf(size: number): Grants {
  return new Grants(size, 1_200, GRANTED_BYTES_DEFAULT);
}

function creditOf(granted: number, retransmits = true): SendCredit {
  return new SendCredit({ granted, retransmits, datagramBytes: 1_200 });
}

/** The numbers of the datagrams that leave at `now`, of those up to `last`. */
function leaving(credit: SendCredit, now: number, from: number, last: number): number[] {
  const left: number[] = [];
  for (let packet = from; packet <= last && credit.admits(now); packet += 1) {
    credit.sent(now, packet);
    left.push(packet);
  }
  return left;
}

describe('the credit of a receiver', () => {
  test('lets a sender get only so far ahead', () => {
    const credit = creditOf(initialGrant(4, 1_200));
    const first = leaving(credit, 0, 1, 1_000);
    expect(first).toHaveLength(16);
    credit.credited(100 * MS, { packet: 10, ahead: 61, taken: 10 });
    // Ten datagrams in a round trip: the path holds the ten, and the receiver has room for 61.
    expect(leaving(credit, 100 * MS, 17, 1_000)).toHaveLength(10 + 71 - 16);
  });

  test('is tried for, one datagram at a time and ever more rarely, when it does not come', () => {
    const credit = creditOf(initialGrant(4, 1_200));
    let packet = leaving(credit, 0, 1, 1_000).at(-1)! + 1;
    for (const at of [50, 150, 350, 750, 1_150, 1_550]) {
      expect(credit.nextAt).toBe(at * MS);
      expect(leaving(credit, at * MS - 1, packet, 1_000)).toEqual([]);
      expect(leaving(credit, at * MS, packet, 1_000)).toEqual([packet]);
      packet += 1;
    }
  });

  test('is tried for more rarely from the beginning, where the receiver answers slowly', () => {
    const credit = creditOf(initialGrant(4, 1_200));
    expect(leaving(credit, 0, 1, 1_000)).toHaveLength(16);
    credit.credited(100 * MS, { packet: 16, ahead: 4, taken: 16 });
    const room = leaving(credit, 100 * MS, 17, 1_000).at(-1)!;
    expect(credit.nextAt).toBe(300 * MS);
    credit.credited(60_000 * MS, { packet: room, ahead: 4, taken: room });
    leaving(credit, 60_000 * MS, room + 1, 1_000);
    expect(credit.nextAt).toBe(60_400 * MS);
  });

  test('that is older than another takes nothing back', () => {
    const credit = creditOf(initialGrant(4, 1_200));
    expect(leaving(credit, 0, 1, 16)).toHaveLength(16);
    credit.credited(0, { packet: 16, ahead: 20, taken: 16 });
    expect(leaving(credit, 0, 17, 1_000)).toHaveLength(20);
    credit.credited(0, { packet: 8, ahead: 61, taken: 8 });
    expect(leaving(credit, 0, 37, 1_000)).toHaveLength(0);
  });

  test.each([
    ['1 s where what is dropped is sent again', true, 1_000],
    ['4 s where it is not', false, 4_000],
  ])('is waited for no longer than about %s', (_what, retransmits, patienceMs) => {
    const credit = creditOf(initialGrant(4, 1_200), retransmits);
    let packet = leaving(credit, 0, 1, 1_000).at(-1)! + 1;
    let now = 0;
    for (; !credit.isStale && now < 60_000 * MS; now += 10 * MS)
      packet += leaving(credit, now, packet, packet).length;
    expect(now).toBeGreaterThanOrEqual(patienceMs * MS);
    expect(now).toBeLessThan((patienceMs + 500) * MS);
    credit.credited(now, { packet: 16, ahead: 61, taken: 16 });
    expect(credit.isStale).toBe(false);
  });

  test('is not taken for missing by a member that was stopped itself', () => {
    const credit = creditOf(initialGrant(4, 1_200));
    const last = leaving(credit, 0, 1, 1_000).at(-1)!;
    leaving(credit, 60_000 * MS, last + 1, 1_000);
    expect(credit.isStale).toBe(false);
  });

  test('is spoken of when half of it is used, whatever its sender sent to others meanwhile', () => {
    const grants = grantsOf(4);
    for (let count = 1; count <= 8; count += 1) grants.received(0, 1, 10 * count);
    expect(grants.due(1, false)).toMatchObject({ packet: 80, taken: 8 });
    const half = Math.floor(grants.ahead / 2);
    for (let count = 1; count < half; count += 1) grants.received(0, 1, 80 + 10 * count);
    expect(grants.due(1, false)).toBeNull();
    grants.received(0, 1, 5_000);
    expect(grants.due(1, false)).toEqual({ packet: 5_000, ahead: grants.ahead, taken: 8 + half });
    expect(grants.due(1, false)).toBeNull();
  });

  test('is asked for with the last datagram, and then given, however few came', () => {
    const [sender, receiver] = [creditOf(initialGrant(4, 1_200)), grantsOf(4)];
    const asking: number[] = [];
    for (let packet = 1; sender.admits(0); packet += 1) {
      if (sender.asks) asking.push(packet);
      sender.sent(0, packet);
    }
    expect(asking).toEqual([16]);
    receiver.received(0, 0, 16);
    expect(receiver.due(0, false)).toBeNull();
    const told = receiver.due(0, true)!;
    expect(told).toEqual({ packet: 16, ahead: receiver.ahead, taken: 1 });
    sender.credited(0, { ...told, taken: 16 });
    expect(leaving(sender, 0, 17, 1_000)).toHaveLength(receiver.ahead);
  });

  test.each([2, 3, 4, 8, 32, 64])(
    'never runs out between two of %i members that take in what comes at once',
    (size) => {
      const [sender, receiver] = [creditOf(initialGrant(size, 1_200)), grantsOf(size)];
      for (let packet = 1; packet <= 5_000; packet += 1) {
        expect([sender.admits(0), sender.asks]).toEqual([true, false]);
        sender.sent(0, packet);
        receiver.received(0, 0, packet);
        const told = receiver.due(0, false);
        if (told !== null) sender.credited(0, told);
      }
      expect(sender.isStale).toBe(false);
    },
  );

  test.each([2, 4, 8, 16, 32, 64])('of all %i members together fits a socket', (size) => {
    const { ahead } = grantsOf(size);
    const takenBytes = ahead * (size - 1) * 2_304;
    // A quarter of the buffer stays free for what needs no credit.
    expect(takenBytes).toBeLessThanOrEqual(0.75 * 2 * 212_992);
    expect(initialGrant(size, 1_200)).toBe(Math.min(16, ahead));
  });
});

describe('a member that is behind', () => {
  /** What a member of eight grants after a turn of `turnUs` in which `datagrams` came. */
  function aheadAfter(datagrams: number, turnUs: number): number {
    const grants = grantsOf(8);
    for (let count = 1; count <= datagrams; count += 1) grants.received(1_000, 1, count);
    grants.endTurn(1_000 + turnUs);
    return grants.ahead;
  }

  test('grants as much as it takes in within 200 ms, and no more than its socket has room for', () => {
    expect(aheadAfter(32, 32 * 2 * MS)).toBe(Math.floor(100 / 7));
    expect(aheadAfter(32, 32 * 5 * MS)).toBe(Math.floor(40 / 7));
    expect(aheadAfter(64, 64)).toBe(grantsOf(8).ahead);
  });

  test('grants a little at least, however long it stood still', () => {
    expect(aheadAfter(32, 3_000 * MS)).toBe(2);
  });

  test('grants more by and by, once its turns take all that has come', () => {
    const grants = grantsOf(8);
    for (let count = 1; count <= 32; count += 1) grants.received(0, 1, count);
    grants.endTurn(160 * MS);
    const least = grants.ahead;
    expect(least).toBeLessThan(grantsOf(8).ahead);
    const granted = Array.from({ length: 30 }, (_, turn) => {
      grants.received(turn, 1, 33 + turn);
      grants.endTurn(turn);
      return grants.ahead;
    });
    expect(granted.slice(0, 2)).toEqual([least + 1, least + 2]);
    expect(granted.at(-1)).toBe(grantsOf(8).ahead);
  });
});

describe('the credit for larger datagrams', () => {
  test.each([1_200, 4_000, 9_000, 16_000, 60_000])('of %i bytes fits the socket', (bytes) => {
    for (const buffer of [2 * 212_992, 8 * 2 ** 20]) {
      for (const size of [2, 4]) {
        const { ahead } = new Grants(size, bytes, buffer);
        const takenBytes = ahead * (size - 1) * (bytes + Math.max(1_104, bytes));
        expect(ahead === 2 || takenBytes <= 0.75 * buffer).toBe(true);
        expect(ahead).toBeGreaterThanOrEqual(2);
      }
    }
  });

  test('begins with fewer of them, of which the last one asks', () => {
    const credit = creditOf(initialGrant(4, 16_000));
    expect(leaving(credit, 0, 1, 1)).toEqual([1]);
    expect(credit.asks).toBe(true);
    expect(leaving(credit, 0, 2, 1_000)).toEqual([2]);
  });
});

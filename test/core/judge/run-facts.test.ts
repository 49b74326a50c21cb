import { describe, expect, test } from '@jest/globals';
import { compareDeliveries, comparableMessagesMax } from '../../../core/judge/comparison.ts';
import { logOf, type Event } from './logs.ts';

/** Two peers, and a sender 2 whose log nobody has; the second peer exchanged two of its messages. */
const FIRST: Event[] = [
  [0, 0],
  [2, 0],
  [1, 0],
  [2, 1],
];
const SECOND: Event[] = [FIRST[0]!, FIRST[3]!, FIRST[2]!, FIRST[1]!];

describe('senders whose logs nobody has', () => {
  test('are strangers, whose messages are invented, unless they are known', () => {
    const { guarantees, tallies } = compareDeliveries([logOf(FIRST), logOf(SECOND)], 2);
    expect([guarantees.integrity.held, guarantees.fifo.held]).toEqual([false, true]);
    expect(tallies.map(({ invented }) => invented)).toEqual([2, 2]);
  });

  test('are judged by what the peers delivered', () => {
    const facts = { others: [2] };
    const logs = [FIRST, SECOND].map((events) => logOf(events, { multicasts: 1 }));
    const { guarantees, tallies } = compareDeliveries(logs, 2, null, facts);
    expect(guarantees.integrity.held).toBe(true);
    expect(guarantees.validity.held).toBe(true);
    expect(guarantees.fifo.counterexample?.text).toBe(
      "peer 1 delivered (2, 1) at position 1 and (2, 0) only at 3, against their sender's order",
    );
    expect(tallies.map(({ missing, invented }) => [missing, invented])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test('have no times, and precede what others multicast after delivering it', () => {
    const noted = { multicastsNoted: true, multicasts: 1 };
    const reply: Event[] = [[2, 0], 'multicast', [0, 0]];
    const logs = [
      logOf(reply, noted),
      logOf(
        [
          [0, 0],
          [2, 0],
        ],
        { ...noted, multicasts: 0 },
      ),
    ];
    expect(
      compareDeliveries(logs, 1, null, { others: [1] }).guarantees.causal.counterexample?.text,
    ).toBe(
      'peer 1 delivered (0, 0) at position 0 and (2, 0), which causally precedes it, only at 1',
    );
    const inOrder = [
      logs[0]!,
      logOf(
        [
          [2, 0],
          [0, 0],
        ],
        { ...noted, multicasts: 0 },
      ),
    ];
    expect(compareDeliveries(inOrder, 1, null, { others: [1] }).guarantees.causal).toEqual({
      held: null,
      reason: 'no log tells when (2, 0) was multicast',
    });
  });

  test('need room', () => {
    expect(comparableMessagesMax(8)).toBe(2 ** 21);
    expect(comparableMessagesMax(8, 32)).toBe(2 ** 19);
  });
});

test('rounds are as many as there are messages', () => {
  const logs = [FIRST, FIRST].map((events) => logOf(events, { multicasts: 1 }));
  const known = compareDeliveries(logs, 2, null, { others: [2], rounds: 4 });
  expect([known.unorderedRounds, known.rounds, known.missingRounds]).toEqual([0, 4, 0]);
});

test('how many messages a peer multicast may be presumed', () => {
  const logs = [1, 2].map((multicastsPresumed) => {
    return {
      ...logOf([
        [0, 0],
        [1, 0],
        [1, 1],
      ]),
      multicastsPresumed,
    };
  });
  const { guarantees, tallies } = compareDeliveries(logs, 2);
  expect(guarantees.validity.held).toBe(true);
  expect(tallies.map(({ missing }) => missing)).toEqual([0, 0]);
});

test('sentences call peers and messages as they are called', () => {
  const names = {
    peer: (peer: number) => `peer ${'ab'.charAt(peer)}`,
    message: (sender: number, sequence: number) => `${'abc'.charAt(sender)}${sequence + 1}`,
  };
  const logs = [FIRST, SECOND].map((events) => logOf(events));
  const { guarantees, firstDivergence } = compareDeliveries(logs, 2, null, { others: [2], names });
  expect(guarantees.total.counterexample?.text).toBe(
    'peer a delivered b1 at position 2 and c2 at 3; peer b delivered them at 2 and 1',
  );
  expect(firstDivergence?.deliveries[1]?.message).toEqual({ sender: 2, sequence: 1, text: 'c2' });
  const empty = compareDeliveries([logOf([]), logOf([])], 1, null, { names });
  expect(empty.guarantees.fifo.reason).toBe(
    'peers a and b delivered nothing: an empty log keeps no order',
  );
});

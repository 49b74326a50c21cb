import { describe, expect, test } from '@jest/globals';
import {
  compareDeliveries,
  comparableMessagesMax,
  type PeerLog,
} from '../../../core/judge/comparison.ts';
import { GUARANTEE_NAMES, type GuaranteeName } from '../../../core/guarantees.ts';
import { logOf, type Event, type LogOptions } from './logs.ts';

const MARK = 'multicast';
/** All messages of three peers with two each, in one order. */
const ALL: Event[] = [
  [0, 0],
  [1, 0],
  [2, 0],
  [0, 1],
  [1, 1],
  [2, 1],
];

interface Example {
  what: string;
  logs: readonly (readonly Event[])[];
  options?: LogOptions[];
  messages?: number;
  /** Guarantees that break, and those that cannot be judged; causal is open unless said otherwise. */
  broken: GuaranteeName[];
  open?: GuaranteeName[];
  /** Unordered, missing and conflicting rounds, and the published count. */
  rounds: [number, number, number, number];
}

const swapped: Event[] = [ALL[0]!, ALL[2]!, ALL[1]!, ...ALL.slice(3)];
const noted = { multicastsNoted: true };
const ORDERS: GuaranteeName[] = ['fifo', 'causal', 'total', 'uniformTotal', 'gapFree'];

const EXAMPLES: Example[] = [
  { what: 'the same order everywhere', logs: [ALL, ALL, ALL], broken: [], rounds: [0, 0, 0, 0] },
  {
    what: 'a swap at one peer',
    logs: [ALL, swapped, ALL],
    broken: ['total', 'uniformTotal', 'gapFree'],
    rounds: [2, 0, 2, 0],
  },
  {
    what: 'a loss at the start',
    logs: [ALL, ALL, ALL.slice(1)],
    broken: ['agreement', 'uniformAgreement', 'gapFree'],
    rounds: [6, 1, 5, 0],
  },
  {
    what: 'a loss at the end',
    logs: [ALL, ALL.slice(0, 5), ALL],
    broken: ['agreement', 'uniformAgreement'],
    rounds: [1, 1, 0, 0],
  },
  {
    what: "a loss of one's own message",
    logs: [ALL, ALL, ALL.slice(0, 5)],
    broken: ['validity', 'agreement', 'uniformAgreement'],
    rounds: [1, 1, 0, 0],
  },
  {
    what: 'a duplicate',
    logs: [ALL, [ALL[0]!, ...ALL], ALL],
    broken: ['integrity'],
    rounds: [5, 0, 5, 0],
  },
  {
    what: 'an invented message',
    logs: [ALL, ALL, [...ALL, [7, 7]]],
    broken: ['integrity', 'agreement', 'uniformAgreement'],
    rounds: [0, 0, 0, 0],
  },
  {
    what: 'an empty log of a correct peer',
    logs: [ALL, [], ALL],
    broken: ['validity', 'agreement', 'uniformAgreement'],
    open: ORDERS,
    rounds: [6, 6, 0, 1],
  },
  {
    what: 'an empty log of a crashed peer',
    logs: [ALL, [], ALL],
    options: [{}, { correct: false }, {}],
    broken: [],
    rounds: [6, 6, 0, 1],
  },
  {
    what: 'nothing but empty logs',
    logs: [[], [], []],
    broken: ['validity'],
    open: ORDERS,
    rounds: [6, 6, 0, 1],
  },
  {
    what: 'different lengths in one order',
    logs: [ALL.slice(0, 2), ALL.slice(0, 4), ALL],
    options: [{ correct: false }, { correct: false }, {}],
    broken: [],
    open: ['causal', 'total'],
    rounds: [4, 4, 0, 0],
  },
  {
    what: 'a crashed peer in another order',
    logs: [swapped.slice(0, 3), ALL, ALL],
    options: [{ correct: false }, {}, {}],
    broken: ['uniformTotal', 'gapFree'],
    rounds: [5, 3, 2, 0],
  },
  {
    what: "one sender's messages exchanged",
    logs: [ALL, ALL, [ALL[3]!, ALL[1]!, ALL[2]!, ALL[0]!, ALL[4]!, ALL[5]!]],
    broken: ['fifo', 'total', 'uniformTotal', 'gapFree'],
    rounds: [2, 0, 2, 0],
  },
  {
    what: 'a direct causal violation',
    messages: 1,
    logs: [
      [MARK, [0, 0], [1, 0]],
      [[0, 0], MARK, [1, 0]],
      [
        [1, 0],
        [0, 0],
      ],
    ],
    options: [noted, noted, { ...noted, multicasts: 0 }],
    broken: ['causal', 'total', 'uniformTotal', 'gapFree'],
    open: [],
    rounds: [3, 1, 2, 0],
  },
  {
    what: 'two peers that deliver in opposite orders',
    messages: 1,
    logs: [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [0, 0],
      ],
    ],
    broken: ['total', 'uniformTotal', 'gapFree'],
    rounds: [2, 0, 2, 0],
  },
];

describe('hand-made logs', () => {
  test.each(EXAMPLES)('$what', ({ logs, options = [], messages = 2, broken, open, rounds }) => {
    const result = compareDeliveries(
      logs.map((events, peer) => logOf(events, { reportPlace: peer, ...options[peer] })),
      messages,
    );
    const named = (held: boolean | null) =>
      GUARANTEE_NAMES.filter((name) => result.guarantees[name].held === held);
    expect([named(false), named(null)]).toEqual([
      GUARANTEE_NAMES.filter((name) => broken.includes(name)),
      open ?? ['causal'],
    ]);
    const counts = [result.unorderedRounds, result.missingRounds, result.conflictingRounds];
    expect([...counts, result.publishedCount]).toEqual(rounds);
  });
});

/**
 * Peer 0 multicasts a; peer 1 delivers it and multicasts b; peer 2 delivers b, never a, and
 * multicasts c; peer 3 delivers c before a, and never b.
 */
test('a transitive causal violation, through a message that the peer never delivered', () => {
  const options = { multicastsNoted: true, reportPlace: 0 };
  const logs: PeerLog[] = [
    logOf([MARK, [0, 0]], { ...options, multicasts: 1 }),
    logOf([[0, 0], MARK, [1, 0]], { ...options, multicasts: 1 }),
    logOf([[1, 0], MARK, [2, 0]], { ...options, multicasts: 1 }),
    logOf(
      [
        [2, 0],
        [0, 0],
      ],
      { ...options, multicasts: 0 },
    ),
  ];
  expect(compareDeliveries(logs, 1).guarantees.causal).toEqual({
    held: false,
    counterexample: {
      text: 'peer 3 delivered (2, 0) at position 0 and (0, 0), which causally precedes it, only at 1',
      observations: [
        { peer: 3, sender: 0, sequence: 0, position: 1 },
        { peer: 3, sender: 2, sequence: 0, position: 0 },
      ],
    },
  });
});

test('logs whose causality runs in a circle are named as contradictory', () => {
  const options = { multicastsNoted: true, multicasts: 1 };
  const logs = [logOf([[1, 0], MARK, [0, 0]], options), logOf([[0, 0], MARK, [1, 0]], options)];
  const { held, reason } = compareDeliveries(logs, 1).guarantees.causal;
  expect(held).toBeNull();
  expect(reason).toContain('peer 0 delivered (1, 0) before its sender can have multicast it');
});

test('a verdict left open names what is missing', () => {
  const { guarantees } = compareDeliveries([logOf(ALL), logOf([]), logOf(ALL)], 2);
  expect(guarantees.total.reason).toBe('peer 1 delivered nothing: an empty log keeps no order');
  const half = [logOf([[0, 0]], noted), logOf([[0, 0]], { correct: false })];
  expect(compareDeliveries(half, 1).guarantees.causal.reason).toBe(
    'no log tells when (0, 0) was multicast',
  );
});

test('sentences give peers, messages and positions', () => {
  const { guarantees } = compareDeliveries([logOf(ALL), logOf(swapped), logOf(ALL)], 2);
  expect(guarantees.total.counterexample?.text).toBe(
    'peer 0 delivered (1, 0) at position 1 and (2, 0) at 2; peer 1 delivered them at 2 and 1',
  );
  expect(guarantees.gapFree.counterexample?.text).toBe(
    'after 1 equal message, peer 0 delivered (1, 0) at position 1 and peer 1 delivered (2, 0) at 1',
  );
});

describe('the published count', () => {
  test('leaves out the report created last, and the last position', () => {
    const logs = [ALL, swapped, ALL].map((events, peer) =>
      logOf(events, { reportPlace: 5 - peer }),
    );
    const { publishedCount, publishedCountLeavesOut, publishedCountNote } = compareDeliveries(
      logs,
      2,
    );
    expect([publishedCount, publishedCountLeavesOut, publishedCountNote]).toEqual([0, 0, null]);
    const shifted = [ALL, ALL.toReversed(), ALL].map((events, peer) =>
      logOf(events, { reportPlace: peer }),
    );
    expect(compareDeliveries(shifted, 2).publishedCount).toBe(1);
  });

  test('of two peers is 0 by construction, and says so', () => {
    const logs = [logOf(ALL.slice(0, 2)), logOf([])];
    const { publishedCount, unorderedRounds, publishedCountNote } = compareDeliveries(logs, 1);
    expect([publishedCount, unorderedRounds]).toEqual([0, 2]);
    expect(publishedCountNote).toMatch(/two peers .* 0 by construction/);
  });

  test('leaves out the last log where no report is known', () => {
    expect(compareDeliveries([logOf(ALL), logOf(ALL), logOf(ALL)], 2).publishedCountLeavesOut).toBe(
      2,
    );
    const crashed = [logOf(ALL), logOf(ALL, { reportPlace: 9 }), logOf(ALL)];
    expect(compareDeliveries(crashed, 2).publishedCountLeavesOut).toBe(1);
  });
});

test('the first divergence says what each peer delivered there', () => {
  const { firstDivergence } = compareDeliveries(
    [logOf(ALL), logOf(swapped), logOf(ALL.slice(0, 1))],
    2,
  );
  expect(firstDivergence).toEqual({
    position: 1,
    deliveries: [
      { peer: 0, message: { sender: 1, sequence: 0 } },
      { peer: 1, message: { sender: 2, sequence: 0 } },
      { peer: 2, message: null },
    ],
  });
});

test('what a crashed sender left counts as missing only where some log shows it', () => {
  const logs = [
    logOf([[0, 0]], { multicasts: 2 }),
    logOf([MARK, MARK], { correct: false, multicastsNoted: true }),
    logOf(
      [
        [2, 0],
        [0, 0],
        [0, 1],
        [2, 1],
        [2, 0],
      ],
      { multicasts: 2 },
    ),
  ];
  const tallies = compareDeliveries(logs, 5).tallies;
  expect(tallies.map(({ missing }) => missing)).toEqual([5, 6, 2]);
  expect(tallies[2]).toMatchObject({ delivered: 5, missing: 2, duplicates: 1, invented: 0 });
});

test('more messages than there is memory for are refused', () => {
  const messages = comparableMessagesMax(2) + 1;
  expect(() => compareDeliveries([logOf([]), logOf([])], messages)).toThrow('too many messages');
});

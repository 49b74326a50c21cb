import { describe, expect, test } from '@jest/globals';
import {
  ALL,
  compareMessages,
  LOST,
  ORDERS,
  rounds,
  testExamples,
  turns,
  verdicts,
  without,
  type Example,
} from './judged-logs.ts';
import type { Message } from './written-logs.ts';

const LAMPORT: Message[] = [
  [0, 1],
  [1, 1],
  [2, 2],
  [0, 4],
  [2, 5],
  [1, 6],
  [0, 8],
  [1, 9],
  [2, 9],
];
const EXAMPLES: Example[] = [
  { what: 'counted from 0', logs: [ALL, ALL, ALL], rounds: [0, 12] },
  {
    what: 'numbers from 1',
    logs: [1, 2, 3].map(() => turns([0, 1, 2], 4, 1)),
    rounds: [0, 12],
    notes: /numbered from 1 on \(--first/,
  },
  {
    what: 'both from 1, and one against the order of its sender',
    logs: [
      turns([1, 2, 3], 4, 1),
      turns([1, 2, 3], 4, 1),
      [...without(turns([1, 2, 3], 4, 1), [3, 2], [3, 4]), [3, 4], [3, 2]],
    ],
    names: ['1.log', '2.log', '3.log'],
    broken: ['fifo', 'total', 'uniformTotal', 'gapFree'],
    rounds: [7, 12],
    text: 'peer 3 delivered (3, 4) at position 10 and (3, 2) only at 11',
  },
  {
    what: 'Lamport times as numbers, in agreement',
    logs: [1, 2, 3].map(() => LAMPORT),
    open: ['validity', 'causal'],
    rounds: [0, 9],
    notes: /The numbers jump, as times do/,
  },
  {
    what: 'Lamport times as numbers, against the order of a sender',
    logs: [
      LAMPORT,
      LAMPORT,
      [LAMPORT[3]!, ...LAMPORT.slice(1, 3), LAMPORT[0]!, ...LAMPORT.slice(4)],
    ],
    broken: ['fifo', 'total', 'uniformTotal', 'gapFree'],
    open: ['validity', 'causal'],
    rounds: [2, 9],
    text: 'peer 2 delivered (0, 4) at position 0 and (0, 1) only at 3',
  },
  {
    what: 'Lamport times, with the number of messages told: then none was lost',
    logs: [1, 2, 3].map(() => LAMPORT),
    told: { messages: 3 },
    rounds: [0, 9],
  },
  {
    what: 'numbers of all senders together',
    logs: [1, 2, 3].map(() => ALL.map(([sender], place): Message => [sender, place])),
    open: ['validity', 'causal'],
    rounds: [0, 12],
  },
  {
    what: 'numbers that jump, told to count',
    logs: [1, 2].map((): Message[] => [
      [0, 1],
      [1, 1],
      [0, 4],
      [1, 4],
    ]),
    told: { first: 1 },
    broken: ['validity'],
    rounds: [4, 8],
    notes: /numbered from 1 on, as told/,
    text: 'peer 0 is presumed to have multicast (0, 2) and never delivered it',
  },
  {
    what: 'one that nobody delivered',
    logs: [1, 2, 3].map(() => without(ALL, [1, 2])),
    broken: ['validity'],
    rounds: [1, 12],
    text: 'peer 1 is presumed to have multicast (1, 2) and never delivered it',
  },
  {
    what: 'a last one that its sender lost',
    logs: [without(ALL, [0, 3]), ALL, ALL],
    broken: ['validity', ...LOST, 'gapFree'],
    rounds: [3, 12],
  },
  {
    what: 'a last one that only one other peer has',
    logs: [without(ALL, [0, 3]), ALL, without(ALL, [0, 3])],
    broken: ['validity', ...LOST, 'gapFree'],
    rounds: [3, 12],
  },
  {
    what: 'senders that multicast different numbers of messages',
    logs: [1, 2, 3].map((): Message[] => [...turns([0, 1, 2], 2), [0, 2], [0, 3], [1, 2]]),
    rounds: [0, 9],
  },
  {
    what: 'the same, told to be equal',
    logs: [1, 2, 3].map((): Message[] => [...turns([0, 1, 2], 2), [0, 2], [0, 3], [1, 2]]),
    told: { messages: 4 },
    broken: ['validity'],
    rounds: [3, 12],
  },
  {
    what: 'an empty log: it lacks everything, and keeps no order',
    logs: [ALL, ALL, []],
    broken: ['validity', ...LOST],
    open: ORDERS,
    rounds: [12, 12],
    notes: /Empty|a list/,
  },
  {
    what: 'a number that the log of its sender does not have',
    logs: [ALL, [...ALL, [0, 4_000_000_000]], ALL],
    broken: ['integrity', ...LOST],
    rounds: [0, 12],
    text: 'peer 1 delivered (0, 4000000000) at position 12, which nobody multicast',
  },
  {
    what: 'a number beyond those that were told, in all logs',
    logs: [1, 2, 3].map((): Message[] => [...without(ALL, [0, 3]), [0, 9]]),
    told: { messages: 4 },
    broken: ['integrity', 'validity'],
    rounds: [0, 12],
    text: 'peer 0 is presumed to have multicast (0, 3) and never delivered it',
  },
  {
    what: 'one number too many',
    logs: [ALL, [...ALL, [0, 4]], ALL],
    broken: ['integrity', ...LOST],
    rounds: [0, 12],
  },
  {
    what: 'an impossible number in its own log',
    logs: [ALL, [...ALL.slice(0, 6), [1, 99], ...ALL.slice(6)], ALL],
    broken: ['integrity', ...LOST, 'gapFree'],
    rounds: [6, 12],
  },
  {
    what: 'a repetition',
    logs: [ALL, [...ALL, [1, 1]], ALL],
    broken: ['integrity'],
    rounds: [0, 12],
  },
  {
    what: 'everything three times',
    logs: [1, 2, 3].map(() => [...ALL, ...ALL, ...ALL]),
    broken: ['integrity'],
    rounds: [0, 12],
  },
];

describe('where numbers begin, and whether they count, is the affair of the logs', () =>
  testExamples(EXAMPLES));

describe('numbers that jump and fall in the same way in all logs may be identifiers', () => {
  const identified = ALL.map(([s, n]): Message => [s, (n * 7919 + Number(s) * 104729) % 9973]);
  const other = [...identified.slice(0, 4), identified[5]!, identified[4]!, ...identified.slice(6)];

  test.each([
    ['agree', [identified, identified, identified], [0, 12], []],
    [
      'differ in the order of senders',
      [identified, identified, other],
      [2, 12],
      ['total', 'uniformTotal', 'gapFree'],
    ],
    [
      'lack a message',
      [identified.toSpliced(5, 1), identified, identified],
      [7, 12],
      ['agreement', 'uniformAgreement', 'gapFree'],
    ],
    [
      'repeat one',
      [identified, identified.toSpliced(6, 0, identified[3]!)],
      [6, 12],
      ['integrity'],
    ],
  ] as const)('fifo is not judged where logs %s', (_, logs, expected, broken) => {
    const comparison = compareMessages(logs);
    expect(rounds(comparison)).toEqual(expected);
    expect(verdicts(comparison).broken).toEqual(expect.arrayContaining([...broken]));
    expect(comparison.guarantees.fifo).toEqual({
      held: null,
      reason: expect.stringContaining('they may be identifiers'),
    });
  });

  test('and fifo is broken where only one log has them otherwise', () => {
    const late = [
      ...identified.slice(0, 3),
      identified[6]!,
      ...identified.slice(4, 6),
      identified[3]!,
      ...identified.slice(7),
    ];
    expect(verdicts(compareMessages([identified, identified, late])).broken).toContain('fifo');
  });
});

import { describe } from '@jest/globals';
import { ALL, LOST, testExamples, turns, without, type Example } from './judged-logs.ts';

const EXAMPLES: Example[] = [
  {
    what: 'senders from 1',
    logs: [1, 2, 3].map(() => turns([1, 2, 3], 4)),
    rounds: [0, 12],
    notes: /those of peers 1, 2, 3 \(--senders/,
  },
  {
    what: 'ports, a fixed step above the numbers of the files',
    logs: [1, 2, 3].map(() => turns([5001, 5002, 5003], 3)),
    names: ['peer1.log', 'peer2.log', 'peer3.log'],
    rounds: [0, 9],
    notes: /those of peers 5001, 5002, 5003/,
  },
  {
    what: 'ports of files without numbers, and one lost a message: whose it was is not known',
    logs: [turns([5001, 5002], 3), without(turns([5001, 5002], 3), [5002, 2])],
    names: ['a.log', 'b.log'],
    broken: LOST,
    open: ['validity', 'causal'],
    rounds: [1, 6],
    notes: /Whose log is whose is not known: the logs show senders 5001, 5002/,
  },
  {
    what: 'the same, told',
    logs: [turns([5001, 5002], 3), without(turns([5001, 5002], 3), [5002, 2])],
    names: ['a.log', 'b.log'],
    told: { senders: ['5001', '5002'] },
    broken: ['validity', ...LOST],
    rounds: [1, 6],
    notes: /those of peers 5001, 5002 \(as told\)/,
    text: 'peer 5002 is presumed to have multicast (5002, 2) and never delivered it',
  },
  {
    what: 'the same, told the other way round',
    logs: [turns([5001, 5002], 3), without(turns([5001, 5002], 3), [5002, 2])],
    names: ['a.log', 'b.log'],
    told: { senders: ['5002', '5001'] },
    broken: LOST,
    rounds: [1, 6],
  },
  {
    what: 'names, whose complete logs hold what is their own whoever they are',
    logs: [1, 2].map(() => turns(['alice', 'bob'], 3)),
    rounds: [0, 6],
    notes: /not known: the logs show senders alice, bob/,
  },
  {
    what: 'files that are called like senders',
    logs: [turns(['bob', 'alice'], 3), without(turns(['bob', 'alice'], 3), ['bob', 1])],
    names: ['run7/alice.log', 'run7/bob.log'],
    broken: ['validity', ...LOST, 'gapFree'],
    rounds: [4, 6],
    text: 'peer bob is presumed to have multicast (bob, 1)',
  },
  {
    what: 'names with numbers',
    logs: [1, 2, 3].map(() => turns(['P1', 'P2', 'P3'], 3)),
    rounds: [0, 9],
    notes: /those of peers P1, P2, P3/,
  },
  { what: 'a peer that only receives', logs: [ALL, ALL, ALL, ALL], rounds: [0, 12] },
  {
    what: 'a sender without a log, judged like the others',
    logs: [turns([0, 1, 2], 4), [...without(turns([0, 1, 2], 4), [2, 1]), [2, 1]]],
    broken: ['fifo', 'total', 'uniformTotal', 'gapFree'],
    open: ['integrity', 'causal'],
    rounds: [7, 12],
    notes: /None of the logs is that of sender 2/,
    text: 'peer 1 delivered (2, 3) at position 10 and (2, 1) only at 11',
  },
  {
    what: 'more logs missing than there are',
    logs: [1, 2].map(() => turns([0, 1, 2, 3, 4, 5], 4)),
    open: ['integrity', 'causal'],
    rounds: [0, 24],
    notes: /None of the logs is that of senders 2, 3, 4, 5/,
  },
  {
    what: 'files of some senders, by their names',
    logs: [1, 2].map(() => turns([1, 2, 3], 4)),
    names: ['1.log', '3.log'],
    open: ['integrity', 'causal'],
    rounds: [0, 12],
    notes: /those of peers 1, 3 \(.*\n.*that of sender 2/,
  },
  {
    what: 'a sender without a log, and a log without a sender',
    logs: [1, 2, 3].map(() => turns([0, 1, 3], 4)),
    open: ['integrity', 'causal'],
    rounds: [0, 12],
    notes: /None of the logs is that of sender 3/,
  },
  {
    what: 'a message of a sender that nobody else knows',
    logs: [ALL, [...ALL, [9, 0]], ALL],
    broken: ['integrity', ...LOST],
    rounds: [0, 12],
    text: 'peer 1 delivered (9, 0) at position 12, which nobody multicast',
  },
];

describe('what senders are called, and whose log is whose, is the affair of the logs', () =>
  testExamples(EXAMPLES));

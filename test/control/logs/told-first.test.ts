import { describe, expect, test } from '@jest/globals';
import { ALL, compareMessages, compareTexts, turns, verdicts } from './judged-logs.ts';

describe('a first number that is told', () => {
  test('is refused above what the logs bear out, with the file and the line', () => {
    expect(() => compareMessages([ALL, ALL], { first: 5 })).toThrow(
      'log0.txt, line 1, column 2: found (0, 0), which --first 5 would leave out',
    );
    const lines = '0 1\n0 0\n';
    expect(() => compareTexts([lines, lines], { first: 1 })).toThrow('log0.txt, line 2, column 1');
  });

  test('is refused as well where the log of the sender alone has the smaller one', () => {
    const own = [[0, 0] as const, ...turns([0, 1], 3, 1)];
    expect(() => compareMessages([own, turns([0, 1], 3, 1)], { first: 1 })).toThrow('found (0, 0)');
  });

  test('makes an invented message of a smaller one that only the log of another has', () => {
    const log = turns([0, 1], 3, 1);
    const { perPeer, rounds } = compareMessages([log, [...log, [0, 0]]], { first: 1 });
    expect([rounds, perPeer[1]!.invented]).toEqual([6, 1]);
  });
});

test('where nothing is known to have been multicast, nothing is called held', () => {
  const strangers = compareMessages([[['a', 3]], [['b', 4]]], { first: 9 });
  expect(strangers.rounds).toBe(0);
  expect(Object.values(strangers.guarantees).filter(({ held }) => held === true)).toEqual([]);
  const empty = compareTexts(['', '']);
  expect(verdicts(empty).open).toHaveLength(9);
  expect(empty.guarantees.total.reason).toContain('no log shows any message');
});

import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, notes, OTHER_ORDER, rounds } from './judged-logs.ts';
import { readMessages } from './written-logs.ts';

const SWAPPED = [ALL, ALL, OTHER_ORDER];

describe('what stands before all lines is skipped', () => {
  test.each([
    ['ctime', 'Fri Nov 27 10:00:01 2026: '],
    ['half a day', '10:00:01 AM '],
    ['no signs in a time', '20261127T100001 '],
    ['a web server', '[27/Nov/2026:10:00:01 +0000] '],
    ['a duration', '+12ms '],
    ['a duration with a fraction', '12.5ms: '],
    ['a time from the start', 'T+00:00:12.123 '],
    ['a logger of Ruby', 'I, [2026-11-27T10:00:01.000456 #1234]  INFO -- : '],
    ['syslog with a priority', '<13>Nov 27 10:00:01 host peer[123]: '],
    ['a journal with fractions', 'Nov 27 10:00:01.000456 host peer[123]: '],
    ['rsyslog', '2026-11-27T10:00:01.000456+00:00 host peer[123]: '],
    ['a container', '2026-11-27T10:00:01.000456789Z stdout F '],
    ['a pod', '[pod/peer-0/app] '],
    ['a line of a program', '2026/11/27 10:00:01.000456 main.go:42: '],
    ['a name and a colon', 'P0: '],
    ['a rank', '[0] '],
    ['a clock', '[L=17] '],
    ['a clock in angle brackets', '<17> '],
    ['a vector', '[1 0 2] '],
    ['a place', '3) '],
    ['a clock with its name', 't=17 '],
    ['who writes', 'P0 '],
    ['what ts writes', 'Nov 27 10:00:01 '],
    ['the kernel', '[   12.345678] '],
    ['logging of Python', '2026-11-27 10:00:01,123 - node1 - INFO - '],
    ['a thread of Python', '2026-11-27 10:00:01,123 [Thread-3] '],
    ['logback', '10:00:01.123 [pool-1-thread-2] INFO  c.e.Node - '],
    ['a severity of a fixed width', '[INFO ] '],
    ['a sign of a list', '* '],
    ['loguru', '2026-11-27 10:00:01.123 | INFO     | __main__:run:42 - '],
    ['who writes, by what it is', 'Process 0 '],
    ['the same before a colon', '10:00:01 Node 0: '],
  ])('%s', (_, before) => {
    const texts = SWAPPED.map((log) => lines(([s, n]) => `${before}deliver ${s} ${n}`, log));
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
    expect(notes(compareTexts(texts))).toContain(', behind a');
  });

  test('a number that takes turns may be that of a peer', () => {
    const text = lines(([s, n], at) => `[${at % 3}] deliver ${s} ${n}`);
    expect(() => readMessages(text)).toThrow('the forms that are read are');
  });

  test('what denies a delivery is no name in front', () => {
    const text = lines(([s, n]) => `P0: deliver ${s} ${n}\nP0: cannot: deliver ${s} ${n}`);
    expect(() => compareTexts([text, text])).toThrow();
  });
});

describe('values behind their names', () => {
  test.each([
    'sender:1 seq:3 payload:"x"',
    'sender: 1 seq: 3',
    'Sender: 1 | Seq: 3',
    'delivered sender:1 seq:3',
    'proc 1 msg 3',
    'deliver: proc 1, msg 3',
  ])('%s', (line) => {
    expect(readMessages(`${line}\n`)).toEqual([['1', 3]]);
  });
});

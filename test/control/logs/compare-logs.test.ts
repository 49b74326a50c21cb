import { describe, expect, test } from '@jest/globals';
import { LogError } from '../../../control/logs/text/log-text.ts';
import {
  ALL,
  compareMessages,
  compareTexts,
  notes,
  ORDERS,
  rounds,
  tuples,
  turns,
  without,
  verdicts,
  type Told,
} from './judged-logs.ts';
import type { Message } from './written-logs.ts';

describe('what was told has to fit', () => {
  test.each<[string, Told, string]>([
    ['too few senders', { senders: ['0', '1'] }, '2 given for 3 files'],
    [
      'foreign senders',
      { senders: ['a', 'b', 'c'] },
      'nobody whom the logs show: they show 0, 1, 2',
    ],
    [
      'a crashed stranger',
      { crashed: ['7'] },
      '--crashed 7 names no peer: allowed is one of 0, 1, 2',
    ],
    ['too many messages', { messages: 4_000_000_000 }, '4000000000 messages a sender'],
  ])('%s', (_, told, message) => {
    expect(() => compareMessages([ALL, ALL, ALL], told)).toThrow(LogError);
    expect(() => compareMessages([ALL, ALL, ALL], told)).toThrow(message);
  });

  test('a crashed peer that may be either of two', () => {
    const log = turns([1, 2, 3], 2);
    const compare = (...crashed: string[]) =>
      compareMessages([log, log, log], { crashed }, ['0.log', '1.log', '2.log']);
    expect(() => compare('1')).toThrow(
      '--crashed 1 may mean 1 (0.log) or 2 (1.log): allowed is the name',
    );
    expect(compare('1.log', '3').perPeer.map(({ standing }) => standing)).toEqual([
      'reported',
      'crashed',
      'crashed',
    ]);
  });

  test('a given number is not questioned: what is beyond is invented, what is not there is missing', () => {
    const comparison = compareMessages(
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 0],
          [0, 7],
        ],
      ],
      { messages: 2 },
    );
    expect(comparison.messagesKnown).toBe(true);
    expect(comparison.perPeer.map(({ missing, invented }) => [missing, invented])).toEqual([
      [2, 0],
      [3, 1],
    ]);
    expect(comparison.findings.join(' ')).not.toContain('Nobody is taken');
  });

  test('one file, or more than a laboratory has peers', () => {
    expect(() => compareTexts(['[]'])).toThrow('1 files were given; 2 to 64 can be compared');
    expect(() => compareTexts(Array.from({ length: 65 }, () => '[]'))).toThrow('2 to 64');
  });

  test('64 files: what one log alone shows is taken for invented, and for the last of its own sender', () => {
    const senders = Array.from({ length: 64 }, (_, sender) => sender);
    const all = turns(senders, 3);
    // The last message of 63 reached nobody but its sender; log 40 repeats a message, log 62 has one that none sent.
    const logs = senders.map((log) =>
      all.filter(([sender, number]) => sender !== 63 || number < 2 || log === 63),
    );
    logs[40] = [...logs[40]!, logs[40]!.at(-1)!];
    logs[62] = [...logs[62]!, [33, 900]];
    const { perPeer } = compareMessages(logs);
    const counted = (log: number): number[] => {
      const { missing, duplicates, invented } = perPeer[log]!;
      return [missing, duplicates, invented];
    };
    expect([1, 40, 62, 63].map(counted)).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
      [0, 0, 0],
    ]);
  });
});

describe('a comparison of logs', () => {
  test('says how the logs were read, and calls peers and messages as they do', () => {
    const log = turns([5001, 5002], 2, 1);
    const comparison = compareMessages([log, log.toReversed()], {}, ['p1.log', 'p2.log']);
    expect(comparison).toMatchObject({
      runId: null,
      createdAtMs: 5,
      ordering: null,
      backend: 'files',
      network: 'unknown',
      messages: 2,
      messagesKnown: false,
      publishedCount: 0,
      publishedCountLeavesOut: 1,
      reading: { senders: ['5001', '5002'], first: 1 },
      firstDivergence: {
        deliveries: [
          { peer: 0, message: { sender: 0, sequence: 0, text: '(5001, 1)' } },
          { peer: 1, message: { sender: 1, sequence: 1, text: '(5002, 2)' } },
        ],
      },
    });
    expect(comparison.perPeer.map(({ peerId, called }) => [peerId, called])).toEqual([
      ['p1.log', '5001'],
      ['p2.log', '5002'],
    ]);
    expect(comparison.guarantees.fifo.counterexample?.text).toBe(
      "peer 5002 delivered (5002, 2) at position 0 and (5002, 1) only at 2, against their sender's order",
    );
  });

  test('says that the number of messages was inferred, and of whom fewer are shown', () => {
    const log: Message[] = [...turns([0, 1, 2], 2), [0, 2]];
    const { findings } = compareMessages([log, log, log, log]);
    expect(findings).toEqual([
      'How many messages each peer multicast was not given; the logs imply 7 messages in all, and of no sender more than 3.',
      'Fewer messages than the 3 of others are shown of peer 1 (2), peer 2 (2), peer 3 (0). If each multicast 3, --messages 3 says so, and what nobody delivered is then missing.',
    ]);
  });

  test('misses what a sender without a log multicast, too', () => {
    const log = turns([0, 1, 2], 4);
    const { perPeer, rounds: all } = compareMessages([log, without(log, [2, 1])]);
    expect([all, perPeer.map(({ missing }) => missing)]).toEqual([12, [0, 1]]);
  });

  test('names what nobody is taken to have multicast', () => {
    const { findings } = compareMessages([ALL, [...ALL, [0, 77]], ALL]);
    expect(findings.at(-1)).toBe(
      'Nobody is taken to have multicast (0, 77), which log1.txt shows at position 12: nothing else bears it out.',
    );
  });

  test('of empty logs judges nothing, unless messages are told', () => {
    const nothing = compareTexts(['', '[]', 'sender,seq\n']);
    expect([rounds(nothing), verdicts(nothing).open.length]).toEqual([[0, 0], 9]);
    const told = compareTexts(['', '[]', '# nothing'], { messages: 3 });
    expect(rounds(told)).toEqual([9, 9]);
    expect(verdicts(told)).toEqual({ broken: ['validity'], open: ORDERS });
  });

  test('may be of logs in different forms', () => {
    const texts = [tuples(ALL), ALL.map(([s, n]) => `${s} ${n}`).join('\n'), JSON.stringify(ALL)];
    expect(rounds(compareTexts(texts))).toEqual([0, 12]);
    expect(notes(compareTexts(texts))).toContain('log1.txt: a line for each message, with spaces');
  });

  test('says what was left out', () => {
    const text = `starting\n${ALL.map(([s, n]) => `recv (${s}, ${n})\ndeliver (${s}, ${n})`).join('\n')}`;
    expect(notes(compareTexts([text, text]))).toMatch(
      /hold no message, are lines of: log0.txt \(1\).*\n.*no deliveries, are messages of: log0.txt \(12\)/,
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comparisonSchema } from '../../../control/comparison-document.ts';
import {
  compareSequenceFiles,
  parseSequenceFile,
  SequenceFileError,
} from '../../../control/logs/sequence-files.ts';
import { eventsOf, type Event } from '../../core/judge/logs.ts';

const parse = (text: string): Event[] => eventsOf(parseSequenceFile('log', text).sequence);

describe('what can be read', () => {
  test.each<[string, string, Event[]]>([
    [
      'JSON',
      '[[0,1],[2,0]]',
      [
        [0, 1],
        [2, 0],
      ],
    ],
    [
      'a Python list of tuples',
      '[(0, 1), (2, 0)]',
      [
        [0, 1],
        [2, 0],
      ],
    ],
    [
      'line ends and tabs anywhere',
      ' [\r\n( 0 ,\t1 )\n,\n(2,0) ] \n\n',
      [
        [0, 1],
        [2, 0],
      ],
    ],
    [
      'commas after the last',
      '[(0, 1,), [2, 0],]\n',
      [
        [0, 1],
        [2, 0],
      ],
    ],
    ['a byte order mark', '\uFEFF[[0,1]]', [[0, 1]]],
    ['an empty list', '[]', []],
    ['nothing but white space', ' \n', []],
    ['nothing at all', '', []],
    ['the largest numbers', '[(65535, 4294967295)]', [[65_535, 4_294_967_295]]],
    [
      'an object',
      '{"deliveries": [[0,0],[1,0]]}',
      [
        [0, 0],
        [1, 0],
      ],
    ],
    [
      'an object with times, in any order and in Python too',
      "{'deliveredBefore': [0, 1, 1, 2,], 'deliveries': [(0, 0), (1, 0)],}",
      ['multicast', [0, 0], 'multicast', 'multicast', [1, 0], 'multicast'],
    ],
  ])('%s', (_, text, events) => {
    expect(parse(text)).toEqual(events);
  });

  test('every sequence, as JSON and as Python prints it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(0xffff), fc.nat(0xffff_ffff))), (pairs) => {
        expect(parse(JSON.stringify(pairs))).toEqual(pairs);
        const tuples = pairs.map(([sender, sequence]) => `(${sender}, ${sequence})`);
        expect(parse(`[${tuples.join(', ')}]`)).toEqual(pairs);
      }),
    );
  });

  test('only times make causal order judgeable', () => {
    const noted = (text: string) => parseSequenceFile('log', text).multicastsNoted;
    expect(noted('[[0,0]]')).toBe(false);
    expect(noted('{"deliveries": []}')).toBe(false);
    expect(noted('{"deliveries": [], "deliveredBefore": []}')).toBe(true);
  });

  test('a hundred thousand brackets do not exhaust the stack', () => {
    expect(() => parse('['.repeat(100_000))).toThrow(SequenceFileError);
  });
});

describe('what cannot be read is named, with its place', () => {
  test.each([
    [
      '{"a": 1}',
      'log, line 1, column 2: found "\\"a\\""; allowed is "deliveries" or "deliveredBefore"',
    ],
    ['hello', 'line 1, column 1: found "hello"; allowed is a list such as'],
    ['[(0, 1),\n (0 2)]', 'line 2, column 5: found "2"; allowed is "," and a sequence number'],
    ['[(0, -1)]', 'line 1, column 6: found "-1"; allowed is a sequence number, an integer from 0'],
    ['[(0, 1.5)]', 'column 6: found "1.5"; allowed is a sequence number'],
    ['[(0, 1e3)]', 'column 6: found "1e3"'],
    ['[(65536, 0)]', 'column 3: found "65536"; allowed is a sender, an integer from 0 to 65535'],
    ['[(0, 4294967296)]', 'column 6: found "4294967296"; allowed is a sequence number'],
    ['[(0, 1]', 'column 7: found "]"; allowed is ")": a message is a pair'],
    ['[(0, 1, 2)]', 'column 9: found "2"; allowed is ")"'],
    ['[(0, 1) (2, 0)]', 'column 9: found "("; allowed is "," or "]"'],
    ['[(0, 1)', 'column 8: found the end of the file; allowed is "," or "]"'],
    ['[0, 1]', 'column 2: found "0"; allowed is a pair such as'],
    ['[("a", 1)]', 'column 3: found "\\"a\\""; allowed is a sender'],
    ['[] []', 'column 4: found "["; allowed is nothing after the sequence'],
    ['{"deliveredBefore": []}', 'found no "deliveries"'],
    ['{"deliveries": [], "deliveries": []}', 'found "deliveries" again; allowed is each name once'],
    [
      '{"deliveries": [], "deliveredBefore": [1]}',
      'found 1 in "deliveredBefore"; allowed is at most 0',
    ],
    ['{"deliveries": [[0,0]], "deliveredBefore": [1, 0]}', 'found 0 after 1 in "deliveredBefore"'],
  ])('%s', (text, message) => {
    expect(() => parse(text)).toThrow(SequenceFileError);
    expect(() => parse(text)).toThrow(message);
  });

  test('nothing else is ever thrown', () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      ',',
      '0',
      '12',
      ' ',
      '\n',
      '{',
      '"deliveries"',
      ':',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parse(text);
          } catch (error) {
            if (!(error instanceof SequenceFileError)) throw error;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('comparing files', () => {
  const file = (name: string, text: string) => ({ name, text });
  const compareFiles = (texts: string[], messages: number | null = null) =>
    comparisonSchema.parse(
      compareSequenceFiles(
        texts.map((text, i) => file(`logfile${i}.log`, text)),
        messages,
        5,
      ),
    );

  test('infers the number of messages, and says that it did', () => {
    const comparison = compareFiles([
      '[(0, 0), (1, 0), (0, 1), (1, 1)]',
      '[(1, 0), (0, 0), (0, 1), (1, 1)]',
    ]);
    expect(comparison).toMatchObject({
      runId: null,
      createdAtMs: 5,
      ordering: null,
      backend: 'files',
      network: 'unknown',
      messages: 2,
      messagesKnown: false,
      unorderedRounds: 2,
      publishedCount: 0,
      publishedCountLeavesOut: 1,
      kendallTau: { max: 1 / 6 },
    });
    expect(comparison.perPeer[1]).toMatchObject({
      peerId: 'logfile1.log',
      missing: 0,
      multicasts: null,
    });
    expect(comparison.guarantees).toMatchObject({
      validity: { held: true },
      causal: { held: null, reason: 'the logs do not tell when the messages were multicast' },
      total: { held: false },
    });
  });

  describe('infers it without what one log alone cannot know', () => {
    const pairs = (...messages: string[]) => `[${messages.join(', ')}]`;
    const [own0, own1] = ['(0, 0), (0, 1)', '(1, 0), (1, 1)'];

    test.each<[string, string[], number, RegExp | null]>([
      [
        'a sender that has no log',
        [pairs(own0, own1), pairs(own0, own1, '(7, 900)')],
        2,
        /without what logfile1\.log shows of sender 7 at position 4: of 2 logs the last is/,
      ],
      [
        'a number that the log of its sender does not have',
        [pairs(own0, own1), pairs(own0, own1, '(0, 4000000000)')],
        2,
        /without message 4000000000 of sender 0, which logfile1\.log shows at position 4/,
      ],
      [
        'a number of a silent sender that only one log has',
        [pairs(own0, '(2, 0), (2, 2)'), pairs(own0, '(2, 2), (2, 50)'), ''],
        3,
        /without message 50 of sender 2, which logfile1\.log shows at position 3/,
      ],
      ['a last message that only its sender has: kept', [pairs(own0, '(0, 2)'), own1], 3, null],
      ['what one log alone tells of a silent sender: kept', ['[(1, 5)]', '[]'], 6, null],
    ])('%s', (_, texts, messages, ignored) => {
      const comparison = compareFiles(texts.map((text) => (text === own1 ? pairs(text) : text)));
      expect(comparison.messages).toBe(messages);
      const about = comparison.findings.filter((finding) => finding.includes('was inferred'));
      if (ignored === null) expect(about).toEqual([]);
      else expect(about).toEqual([expect.stringMatching(ignored)]);
    });

    test('and a verdict on the rest survives it', () => {
      const { guarantees } = compareFiles([
        pairs(own0, own1, '(9, 1)'),
        pairs(own0, own1, '(0, 77)'),
      ]);
      expect([guarantees.validity.held, guarantees.integrity.held]).toEqual([true, false]);
    });

    test('a given number is not questioned', () => {
      const { findings } = compareFiles(['[(0, 0)]', '[(0, 0), (5, 5)]'], 1);
      expect(findings.join(' ')).not.toContain('was inferred');
    });
  });

  test('takes a given number: what is beyond is invented, what is not there is missing', () => {
    const { perPeer, messagesKnown } = compareFiles(['[(0, 0), (1, 0)]', '[(0, 0), (0, 7)]'], 2);
    expect(messagesKnown).toBe(true);
    expect(perPeer.map(({ missing, invented }) => [missing, invented])).toEqual([
      [2, 0],
      [3, 1],
    ]);
  });

  test('judges causal order where the files tell when messages were multicast', () => {
    const origin = '{"deliveries": [[0,0],[1,0]], "deliveredBefore": [0]}';
    const reply = '{"deliveries": [[0,0],[1,0]], "deliveredBefore": [1]}';
    const reader = (deliveries: string) => `{"deliveries": ${deliveries}, "deliveredBefore": []}`;
    const causal = (deliveries: string) =>
      compareFiles([origin, reply, reader(deliveries)]).guarantees.causal.held;
    expect([causal('[[0,0],[1,0]]'), causal('[[1,0],[0,0]]')]).toEqual([true, false]);
  });

  test('refuses one file, and more messages than can be compared', () => {
    expect(() => compareFiles(['[]'])).toThrow('1 files were given; 2 to 32 can be compared');
    expect(() => compareFiles(['[]', '[(0, 4294967295)]'])).toThrow(
      'logfile1.log has sequence number 4294967295, so 4294967296 messages a peer: with 2 files, ' +
        '0 to 33554432 can be compared',
    );
    expect(() => compareFiles(['[]', '[]'], 4_000_000_000)).toThrow('4000000000 messages a peer');
  });

  test('of empty logs is a comparison that holds no order', () => {
    const { guarantees, rounds, unorderedRounds } = compareFiles(['', '[]'], 3);
    expect([rounds, unorderedRounds, guarantees.total.held, guarantees.validity.held]).toEqual([
      6,
      6,
      null,
      false,
    ]);
  });
});

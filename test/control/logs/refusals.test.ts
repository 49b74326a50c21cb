import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comparisonSchema } from '../../../control/comparison-document.ts';
import { compareLogs } from '../../../control/logs/compare-logs.ts';
import { LogError } from '../../../control/logs/text/log-text.ts';
import { readMessages, WRITERS, type Message } from './written-logs.ts';

const MESSAGES: Message[] = [
  [0, 0],
  [1, 0],
  [0, 1],
];

describe('what cannot be read is named, with its place', () => {
  test.each([
    ['hello', 'log, line 1, column 1: found "hello"; the forms that are read are\n  an object'],
    ['# log\n\nhello there', 'log, line 3, column 1: found "hello"'],
    ['[INFO] starting', 'line 1, column 1: found "["; the forms that are read are'],
    ['3\n1\n2\n', 'column 1: found "3"; the forms that are read are'],
    ['[(0, 1),\n (0 2)]', 'line 2, column 5: found "2"; allowed is "," or ")"'],
    [
      '[(0, -1)]',
      'line 1, column 6: found "-1"; allowed is the number of a message, a whole one from 0',
    ],
    ['[(0, 1.5)]', 'column 6: found "1.5"; allowed is the number of a message'],
    ['[(0, 1e3)]', 'column 6: found "1e3"'],
    ['[(0, 9007199254740992)]', 'column 6: found "9007199254740992"; allowed is the number'],
    [
      '[(None, 1)]',
      'column 3: found "None"; allowed is a sender, which is a whole number from 0 or a name',
    ],
    ['[(-1, 1)]', 'column 3: found "-1"; allowed is a sender'],
    ['[(0, None)]', 'column 6: found "None"; allowed is the number of a message'],
    ['[(0, 1]', 'column 7: found "]"; allowed is "," or ")"'],
    ['[(0, 1) (2, 0)]', 'column 9: found "("; allowed is "," or "]"'],
    ['[(0, 1)', 'column 8: found the end of the file; allowed is "," or "]"'],
    ['[(0, 1), (2', 'column 12: found the end of the file; allowed is "," or ")"'],
    ['[(0,)]', 'column 2: found 1 field only in this message; needed is the number of a message'],
    ['[(0, "x)]', 'column 6: a string begins here that does not end on its line'],
    ['[(0 1), (2, 0)]', 'column 11: found ","; allowed is white space or ")"'],
    ['[(0, 1); (2, 0), (2, 1)]', 'column 16: found ","; allowed is ";" or "]"'],
    [
      '<m sender="0" seq="1"/><m sender="2" seq="0"/>',
      'column 35: found a second message in the line; allowed is one',
    ],
    ['[] []', 'column 4: found "["; allowed is nothing after the list'],
    [
      '[(0, 1)]\n[(2, 0)]',
      'line 2, column 1: found "["; allowed is nothing after the list: a file is the log of one peer',
    ],
    ['{(0, 1), (2, 0)}', 'column 1: found a set, which has no order'],
    ['(0, 1)\n(2, 0)\nTotal: 2\n', 'line 3, column 1: found "Total"; allowed is a message such as'],
    [
      'b 1\nd 1\n',
      'line 2, column 4: found "\\n"; allowed is "b NUMBER" for a broadcast, or "d SENDER NUMBER"',
    ],
    ['b 1\nd 1 x\n', 'line 2, column 5: found "x"; allowed is a number'],
    ['b 1 2\n', 'line 1, column 5: found "2"; allowed is the end of a line'],
    ['sender,seq\n0,0,0\n', 'line 2, column 1: found 3 cells; the header has 2'],
    ['sender,seq\n0,0\n1\n', 'line 3, column 1: found no field "seq" in this message'],
    ['{"deliveredBefore": []}', 'found no "deliveries"'],
    ['{"deliveries": [], "delivered": []}', 'found "delivered" again; allowed is each name once'],
    [
      '{"deliveries": [], "deliverdBefore": []}',
      'found "\\"deliverdBefore\\""; allowed is "deliveries" or',
    ],
    [
      '{"deliveries": [], "deliveredBefore": [1]}',
      'found 1 in "deliveredBefore"; allowed is at most 0',
    ],
    ['{"deliveries": [[0,0]], "deliveredBefore": [1, 0]}', 'found 0 after 1 in "deliveredBefore"'],
    [
      '{"a": 1}',
      'found no sender of a message: the field is "a"; allowed is --fields SENDER,NUMBER',
    ],
    [
      '{"sender": 1, "timestamp": 2}',
      'found no number of a message: the fields are "sender" and "timestamp"; "timestamp" is a time',
    ],
    [
      '{"sender": 1, "origin": 2, "seq": 3}',
      'is the sender "sender" or "origin"? allowed is --fields',
    ],
    ['[{"sender": 0, "seq": 3}, {"sender": 1}]', 'column 27: found no field "seq" in this message'],
    [
      'INFO delivered (0, 1)\nINFO delivered nothing\n',
      'line 2, column 1: found a delivery without a message',
    ],
  ])('%s', (text, message) => {
    expect(() => readMessages(text)).toThrow(LogError);
    expect(() => readMessages(text)).toThrow(message);
  });

  test.each([
    ['Peer 0\n0 1\n2 0\n', 'log, line 1, column 1: found "Peer" in the place of a sender'],
    [
      '0 1\n2 0\nTotal: 2 messages\n',
      'log, line 3, column 1: found "Total" in the place of a sender',
    ],
  ])('a word among numbers: %j', (text, message) => {
    const files = [text, '0 1\n2 0\n'].map((each) => ({ name: 'log', text: each }));
    expect(() => compareLogs(files, {}, 0)).toThrow(message);
  });

  test('told fields have to be there', () => {
    expect(() => readMessages('[(0, 1)]', ['sender', 'seq'])).toThrow('--fields 1,2');
    expect(() => readMessages('[(0, 1)]', ['1', '3'])).toThrow('found 2 fields only');
    expect(() => readMessages('{"a": 1, "b": 2}', ['a', 'c'])).toThrow(
      'no field is called "c"; there are "a" and "b"',
    );
  });

  test('a hundred thousand brackets do not exhaust the stack', () => {
    for (const bracket of ['[', '(', '{', '[(', '{"a":']) {
      expect(() => readMessages(bracket.repeat(100_000))).toThrow(LogError);
    }
  });

  test('nothing else is ever thrown', () => {
    const pieces = '[ ] ( ) { } , : = " \' 0 12 a b d deliver sender seq # | ; \n'.split(' ');
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...pieces, ' ')).map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom(...Object.values(WRITERS)), fc.nat(), fc.constantFrom(...pieces))
        .map(([write, at, piece]) => {
          const whole = write(MESSAGES);
          return whole.slice(0, at % whole.length) + piece + whole.slice(at % whole.length);
        }),
    );
    fc.assert(
      fc.property(text, (each) => {
        try {
          readMessages(each);
        } catch (error) {
          if (!(error instanceof LogError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('nor by a comparison, whatever was told', () => {
    const message = fc.tuple(fc.constantFrom(0, 1, 2, 7, 5001, 'a', 'P1'), fc.nat(9));
    const log = fc
      .tuple(fc.constantFrom(...Object.values(WRITERS)), fc.array(message, { maxLength: 6 }))
      .map(([write, messages]) => write(messages));
    const word = fc.constantFrom('0', '1', '2', '7', 'a', 'seq', 'sender', 'log1.txt');
    const told = fc.record({
      messages: fc.option(fc.nat(5)),
      first: fc.option(fc.nat(3)),
      senders: fc.option(fc.array(word, { maxLength: 3 })),
      fields: fc.option(fc.tuple(word, word)),
      crashed: fc.array(word, { maxLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(log, { minLength: 2, maxLength: 4 }), told, (texts, options) => {
        const files = texts.map((text, place) => ({ name: `log${place}.txt`, text }));
        try {
          comparisonSchema.parse(compareLogs(files, options, 0));
        } catch (error) {
          if (!(error instanceof LogError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

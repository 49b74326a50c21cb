import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareLogs } from '../../../control/logs/compare-logs.ts';
import { FORMS } from '../../../control/logs/forms/registry.ts';
import { EXAMPLES } from './examples-of-forms.ts';
import { readMessages, WRITERS, WRITERS_WITH_MULTICASTS, type Message } from './written-logs.ts';

const NUMBERED: Message[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [12, 345],
];
const NAMED: Message[] = [
  ['alice', 0],
  ['p1', 0],
  ['alice', 1],
];

const expected = (messages: readonly Message[]) =>
  messages.map(([sender, number]) => [String(sender), number]);

describe('each form is recognised by itself', () => {
  test.each(Object.entries(WRITERS))('%s', (_, write) => {
    expect(readMessages(write(NUMBERED))).toEqual(expected(NUMBERED));
    expect(readMessages(write(NAMED))).toEqual(expected(NAMED));
    const windows = write(NUMBERED).replaceAll(/\r?\n/g, '\r\n');
    expect(readMessages(windows)).toEqual(expected(NUMBERED));
  });

  test.each(Object.entries(WRITERS_WITH_MULTICASTS))('%s, with multicasts', (_, write) => {
    const multicasts = [4, 5].map((number) => ['*', number]);
    expect(readMessages(write(NUMBERED, [4, 5]))).toEqual([...multicasts, ...expected(NUMBERED)]);
  });

  test.each(FORMS.map(({ title }) => [title, EXAMPLES[title] ?? '']))(
    'as documented: %s',
    (_, text) => {
      const messages = readMessages(text).filter(([sender]) => sender !== '*');
      expect(messages.length).toBe(2);
      expect(() =>
        compareLogs(
          [text, text].map((each, i) => ({ name: `${i}`, text: each })),
          {},
          0,
        ),
      ).not.toThrow();
    },
  );

  test('every sequence, in every form', () => {
    const senders = fc.oneof(
      fc.nat(0xffff),
      fc.constantFrom('alice', 'bob', 'Zoë', 'peer-7', 'P2'),
    );
    const messages = fc.array(fc.tuple(senders, fc.nat(0xffff_ffff)), { minLength: 2 });
    fc.assert(
      fc.property(messages, fc.constantFrom(...Object.values(WRITERS)), (sequence, write) => {
        expect(readMessages(write(sequence))).toEqual(expected(sequence));
      }),
      { numRuns: 500 },
    );
  });
});

describe('what may stand around and inside', () => {
  test.each<[string, string, Message[]]>([
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
    ['nothing but a comment', '# peer 0\n', []],
    ['nothing at all', '', []],
    ['a header alone', 'sender,seq\n', []],
    [
      'large senders and numbers',
      '[(4294967296, 9007199254740991)]',
      [[4294967296, 9007199254740991]],
    ],
    [
      'numbers in quotes',
      '[("0", "1"), ("02", \'3\')]',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['numbers that end in .0', '[[0.0, 1.0]]', [[0, 1]]],
    ['an address for a sender', "[(('127.0.0.1', 5001), 3)]", [['127.0.0.1:5001', 3]]],
    [
      'letters before a string',
      "[(b'a', 3), (u'b', 4)]",
      [
        ['a', 3],
        ['b', 4],
      ],
    ],
    ['escapes in a name', '[["Zo\\u00eb", 3]]', [['Zoë', 3]]],
    [
      'a comment in a list',
      '[(0, 1), # first\n (2, 0)]',
      [
        [0, 1],
        [2, 0],
      ],
    ],
    [
      'senders that are called b and d as well',
      'a 1\nb 1\nd 2\n',
      [
        ['a', 1],
        ['b', 1],
        ['d', 2],
      ],
    ],
    [
      'carriage returns alone',
      '0 1\r2 3\r',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'quotes that nobody closes',
      "0 1 don't\n2 3 'tis\n",
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['an object as the payload', '{"sender":1,"seq":2,"op":{"from":"x","seq":9}}', [[1, 2]]],
    ['a list of numbers as the only message', '[4, 7]', [[4, 7]]],
  ])('%s', (_, text, messages) => {
    expect(readMessages(text)).toEqual(expected(messages));
  });

  test('fields are told by name or by place', () => {
    const rows = '[{"port": 5001, "tick": 8, "sender": 3, "seq": 4}]';
    expect(readMessages(rows, ['port', 'tick'])).toEqual([['5001', 8]]);
    expect(readMessages(rows, ['3', '2'])).toEqual([['3', 8]]);
    expect(readMessages('[(7, 1, 0)]', ['2', '3'])).toEqual([['1', 0]]);
    expect(readMessages('a,b,c\n7,1,0\n', ['b', 'c'])).toEqual([['1', 0]]);
  });

  test('an inner field counts where there is no outer one', () => {
    const row = '{"at": 1, "body": {"sender": 2, "seq": 3}}';
    expect(readMessages(row)).toEqual([['2', 3]]);
    expect(readMessages(row, ['sender', 'seq'])).toEqual([['2', 3]]);
  });
});

describe('what happened', () => {
  const deliver = (verb: string, sender: number, seq: number) => `${verb} (${sender}, ${seq})`;

  test('only deliveries count where something is said to be delivered', () => {
    const text = [deliver('sent', 0, 0), deliver('received', 1, 0), deliver('delivered', 1, 0)];
    expect(readMessages(text.join('\n'))).toEqual([['1', 0]]);
  });

  test('what is no delivery need not be a message', () => {
    const lines = ['{"event":"config","peers":3}', '{"event":"received","from":2}'];
    const text = [...lines, '{"event":"delivered","from":1,"n":0}'].join('\n');
    expect(readMessages(text)).toEqual([['1', 0]]);
  });

  test('what was received counts where nothing else is there', () => {
    expect(readMessages('received (1, 0)\nreceived (0, 0)')).toEqual([
      ['1', 0],
      ['0', 0],
    ]);
  });

  test.each([
    ['sent and received', 'sent (0, 0)\nreceived (1, 0)', 'log, line 1, column 6'],
    [
      'data and acknowledgements',
      '{"type":"DATA","sender":0,"seq":0}\n{"type":"ACK","sender":0,"seq":0}',
      'log, line 2, column 1',
    ],
    ['nothing but sent', 'sent (0, 0)\nsent (0, 1)', 'log, line 1, column 6'],
  ])('%s: nobody can tell', (_, text, place) => {
    expect(() => readMessages(text)).toThrow(`${place}: this is not said to be a delivery`);
  });

  test('deliveries of two layers in one log are refused, since each message would come twice', () => {
    const both = 'beb-deliver 0 0\nurb-deliver 0 0\nbeb-deliver 1 0\nurb-deliver 1 0\n';
    expect(() => readMessages(both)).toThrow(
      'line 2, column 1: this is said to be a delivery by another word ("urbdeliver") than before',
    );
    expect(readMessages(both.replaceAll('beb-deliver', 'receive'))).toEqual([
      ['0', 0],
      ['1', 0],
    ]);
    expect(readMessages('delivered 0 0\ndeliver 1 0\n')).toHaveLength(2);
  });

  test('what is undelivered is no delivery', () => {
    expect(readMessages('undelivered 1 0\ndelivered 0 0\n')).toEqual([['0', 0]]);
  });
});

test('the documentation has the example of each form', () => {
  const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'log-formats.md');
  const page = readFileSync(path, 'utf8');
  const missing = FORMS.filter(({ title }) => {
    const example = EXAMPLES[title];
    return !example || !page.includes(`    ${example.replaceAll('\n', '\n    ')}\n`);
  });
  expect(missing.map(({ title }) => title)).toEqual([]);
});

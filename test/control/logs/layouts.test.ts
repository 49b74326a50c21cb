import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, notes, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

const MESSAGES: Message[] = [
  ['P0', 0],
  ['P1', 0],
  ['P0', 1],
];
const lines = (write: (message: Message, place: number) => string, messages = MESSAGES) =>
  messages.map((message, place) => `${write(message, place)}\n`).join('');

test.each([
  ['deliver: sender=P0 seq=0', 'a colon behind the verb'],
  ['INFO: deliver: sender=P0 seq=0 gseq=7', 'a severity and a colon'],
  ['deliver: sender: P0, seq: 0', 'colons throughout'],
  ['node=7 deliver src=P0 id=0', 'the verb among the values'],
])('named values: %s', (line) => {
  expect(readMessages(`${line}\n`)).toEqual([['P0', 0]]);
});

test('what was sent is told from what was delivered by a verb among named values', () => {
  const text = lines(
    ([s, n]) => `node=7 send to=${s} src=${s} id=${n}\nnode=7 deliver src=${s} id=${n}`,
  );
  expect(readMessages(text)).toEqual(MESSAGES);
});

describe('YAML', () => {
  test.each([
    ['a list', lines(([s, n]) => `- sender: ${s}\n  seq: ${n}`)],
    [
      'quotes, comments and further fields',
      lines(([s, n]) => `- op: x # y\n  sender: "${s}"\n  seq: ${n}`),
    ],
    [
      'a document with a name',
      `---\nlog:\n${lines(([s, n]) => `  - sender: ${s}\n    seq: ${n}`)}`,
    ],
    ['lists in a list', lines(([s, n]) => `- - ${s}\n  - ${n}`)],
  ])('%s', (_, text) => {
    expect(readMessages(text)).toEqual(MESSAGES);
  });

  test.each([
    [
      '- sender: P0\n  seq: 0\n- sender: P1\n   seq: 0\n',
      'line 4, column 4: found "seq"; allowed is an item',
    ],
    ['- sender: P0\n  seq: 0\nother: 3\n', 'line 3, column 1: found "other"; allowed is an item'],
    ['- sender: P0\n  seq:\n    - 1\n', 'line 3, column 5: found "-"; allowed is an item'],
  ])('what is nested or beside it is refused: %j', (text, message) => {
    expect(() => readMessages(text)).toThrow(message);
  });
});

describe('what stands before every line is skipped, and it is said', () => {
  test.each([
    [
      'docker compose',
      (_: number) => '2026-11-27T12:00:00.123456789Z peer-0  | ',
      'behind a time, and a name and a bar; delivered P0:0 is message 0 of sender P0',
    ],
    ['a name in brackets', (_: number) => '[P0] ', 'behind a name in brackets;'],
    [
      'times and severities',
      (at: number) => `[12:00:0${at}] INFO `,
      'behind a time, and a severity;',
    ],
    [
      'a journal',
      (at: number) => `Nov 27 12:00:0${at} host peer[100]: `,
      'behind a time and a name;',
    ],
  ])('%s', (_, before, note) => {
    const text = lines(([s, n], at) => `${before(at)}delivered ${s}:${n}`);
    expect(readMessages(text)).toEqual(MESSAGES);
    expect(notes(compareTexts([text, text]))).toContain(note);
  });

  test('another name in each line may be the sender', () => {
    const text = lines(([s, n]) => `[${s}] delivered P7:${n}`);
    expect(() => readMessages(text)).toThrow('the forms that are read are');
  });

  test('errors count the columns of the file', () => {
    const text = `${lines(([s, n]) => `[P0] delivered ${s}:${n}`)}[P0] delivered P1:x\n`;
    expect(() => readMessages(text)).toThrow('log, line 4');
  });
});

test.each([
  ['A1\nB1\n', 'The line is "A1": "A1" may be the name of a peer; the nearest form is a line'],
  ['0.3\n1.0\n', 'such as "0:3", with another sign between sender and number'],
  ['2026-11-27T12:00:01Z peer\n', 'column 1: found "2026-11-27T12:00:01Z"; the forms'],
  [
    'P0 delivers x0 from P1\n',
    'The line is "P0 delivers x0 from P1", behind a name: the nearest forms are "delivered (0, 3)"',
  ],
  [
    '[0] deliver 0 to 1\n',
    'The line is "[0] deliver 0 to 1", behind a number: the nearest forms are',
  ],
])('what is in no form is shown whole, with the nearest form: %j', (text, message) => {
  expect(() => readMessages(text)).toThrow(message);
});

test('sentences, brackets and named values of one run are judged alike', () => {
  const texts = [
    lines(([s, n]) => `delivered message ${n} from ${s}, ack sent`, ALL),
    lines(([s, n]) => `P1 delivered (${s}, ${n}), ack sent`, ALL),
    lines(([s, n]) => `deliver: sender=${s} seq=${n}`, ALL),
    lines(([s, n]) => `[P3] Delivered: ${s}:${n}`, ALL),
  ];
  expect(rounds(compareTexts(texts))).toEqual([0, 12]);
});

describe('a message in one word', () => {
  test.each([
    ['behind white space', '   (P0, 0)'],
    ['in bytes of Python', "b'P0:0'"],
    ['in two of them', "[b'P0', b'0']"],
    ['the number behind m', 'P0:m0'],
    ['and behind a point', 'deliver P0.m0'],
    ['in angle brackets', 'deliver <P0,0>'],
    ['in two cells', 'deliver P0 M0'],
    ['in braces behind other words', 'process 1 delivered {P0, 0}'],
  ])('%s', (_, line) => {
    expect(readMessages(`${line}\n`)).toEqual([['P0', 0]]);
  });

  test('may be a tuple of Elixir behind other words', () => {
    expect(readMessages('10:00:01 [info] delivered {:P0, 0}\n')).toEqual([[':P0', 0]]);
  });

  test('a sender may be called m1 as well', () => {
    expect(readMessages('deliver m1 3\ndeliver m2 3\n')).toEqual([
      ['m1', 3],
      ['m2', 3],
    ]);
    expect(readMessages('deliver 1 m3\ndeliver 2 m3\n')).toEqual([
      ['1', 3],
      ['2', 3],
    ]);
  });

  test('one field a line is no sender and number', () => {
    const text = lines(([s, n]) => `sender: ${s}\nseq: ${n}\n`, ALL);
    expect(() => compareTexts([text, text])).toThrow('all messages are of "sender" and "seq"');
  });

  test('has no brackets in its name', () => {
    expect(() => readMessages('(P0, 0)\n(P1, 0)\nhold (P2, 0)\n(P2, 0)\n')).toThrow(
      'line 3, column 1: found "hold"; allowed is a message such as 0:3',
    );
  });
});

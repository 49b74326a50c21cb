import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, OTHER_ORDER, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

type Write = (message: Message, place: number) => string;

/** Logs that agree, and one with two messages the other way round. */
const SWAPPED = [ALL, OTHER_ORDER];

describe('lines about something else are left out', () => {
  const start = (log: string) => `time=12:00 level=INFO msg=starting node=P0 port=5001\n${log}`;
  const sentence = (log: string) => `Node 1 starts\nWaiting for 2 peers\n${log}Done in 3 s\n`;
  test.each<[string, Write, (log: string) => string]>([
    ['beside named values', ([s, n]) => `level=INFO msg=delivered sender=${s} seq=${n}`, start],
    [
      'of another sender',
      ([s, n]) => `msg=alive from=${s}\nmsg=delivered sender=${s} seq=${n}`,
      start,
    ],
    [
      'in JSON',
      ([s, n]) => `{"msg":"delivered","sender":${s},"seq":${n}}`,
      (log) => `{"msg":"up"}\n${log}`,
    ],
    ['beside a verb', ([s, n]) => `deliver ${s} ${n}`, sentence],
    ['beside a verb and one word', ([s, n]) => `deliver P${s}:${n}`, sentence],
    ['with the message', ([s, n]) => `TIMEOUT P${s}:${n}\nDELIVER P${s}:${n}`, sentence],
    ['in brackets', ([s, n]) => `[RECV] ${s} ${n}\n[DELIVER] ${s} ${n}`, sentence],
    ['by short words', ([s, n]) => `TX ${s} ${n}\nRX ${s} ${n}\nDLV ${s} ${n}`, (log) => log],
  ])('%s', (_, write, among) => {
    const texts = SWAPPED.map((log) => among(lines(write, log)));
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
  });

  test.each<[string, (message: Message, isOwn: boolean) => string]>([
    ['in cells', ([s, n], isOwn) => `${isOwn ? 'self' : 'deliver'} P${s} ${n}`],
    ['in one word', ([s, n], isOwn) => `${isOwn ? 'LOCAL' : 'DELIVER'} P${s}:${n}`],
    ['in brackets', ([s, n], isOwn) => `${isOwn ? 'own' : 'delivered'} (${s}, ${n})`],
  ])('but not where a peer may tell of its own messages in another word: %s', (_, write) => {
    const texts = [0, 1, 2].map((peer) => lines((message) => write(message, message[0] === peer)));
    expect(() => compareTexts(texts)).toThrow('this is not said to be a delivery');
  });

  test('nor where what is named otherwise may be the number of a message', () => {
    const texts = [0, 1].map((peer) =>
      lines(([s, n]) => (s === peer ? `{"msg":"own","n":${n}}` : `{"sender":${s},"seq":${n}}`)),
    );
    expect(() => compareTexts(texts)).toThrow('found no field "sender"');
  });
});

describe('what stands beside a message is not taken for it', () => {
  test.each<[string, Write]>([
    ['the place of an order', ([s, n], at) => `order ${at}: deliver (${s}, ${n})`],
    ['a clock', ([s, n]) => `deliver vc=[${s}, ${n}9] (${s}, ${n})`],
    ['a clock in words', ([s, n]) => `x VC [${s}, ${n}9] delivered (${s}, ${n})`],
    ['a clock of named values', ([s, n]) => `deliver, sender=${s}, seq=${n}, vc=[7,${n}9,0]`],
    ['a view', ([s, n]) => `deliver from=${s} seq=${n} view=[0, 1, 2]`],
    ['acknowledgements', ([s, n]) => `deliver sender=${s} seq=${n} acks=[0, 1]`],
    ['what it carries', ([s, n]) => `deliver sender=${s} seq=${n} text="(1, 2)"`],
    [
      'who receives it',
      ([s, n]) =>
        `{"event":"deliver","msg":{"sender":${s},"seq":${n}},"receiver":{"host":"x","id":${n}}}`,
    ],
    ['a queue behind it', ([s, n]) => `deliver (${s}, ${n}) queue=[(1, 2), (2, 5)]`],
    ['a time in whole numbers', ([s, n], at) => `${1763600000 + at} deliver ${s} ${n}`],
    ['a place', ([s, n], at) => `${at} deliver ${s} ${n}`],
    ['the sign of a number', ([s, n]) => `deliver P${s} #${n}`],
    ['a greeting', ([s, n]) => `Delivered hello from P${s} [seq ${n}]`],
    ['no word for a message', ([s, n]) => `P9 delivered ${n} from P${s}`],
    ['a letter with an accent', ([s, n]) => `delivered É${s}:${n}`],
    [
      'a sign',
      ([s, n]) => `2026-11-20 12:00:01.250 INFO 12 --- [x] : deliver sender=${s} seq=${n}`,
    ],
    [
      'as many lines of others',
      ([s, n]) => `delivered message ${n} from ${s}\nsent ack for message ${n}`,
    ],
  ])('%s', (_, write) => {
    expect(rounds(compareTexts(SWAPPED.map((log) => lines(write, log))))).toEqual([2, 12]);
  });

  test.each([
    'All messages delivered',
    'Done: 12 messages delivered, 0 failed',
    'delivered in total: 12',
  ])('a summary: %s', (summary) => {
    const texts = SWAPPED.map(
      (log) => `${lines(([s, n]) => `x delivered (${s}, ${n})`, log)}${summary}\n`,
    );
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
  });

  test('a rule of Markdown under a header', () => {
    const head = '| sender | seq | text |\n|:-------|-----|------|\n';
    const texts = SWAPPED.map((log) => head + lines(([s, n]) => `| ${s} | ${n} | a |`, log));
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
  });

  test.each([
    '#1: delivered (0, 0)\n',
    'recv (0, 0)\n# 1 delivered (0, 0)\n',
    '#1 (0, 0)\n#2 (1, 0)\n',
  ])('lines with a number behind # would be overlooked as comments: %j', (text) => {
    expect(() => readMessages(text)).toThrow('a line that begins with # or // is a comment');
  });
});

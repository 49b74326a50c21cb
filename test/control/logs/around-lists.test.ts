import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, OTHER_ORDER, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

type Write = (message: Message, place: number) => string;

const SWAPPED = [ALL, ALL, OTHER_ORDER];
const list =
  (write: Write, between = ', ') =>
  (log: readonly Message[]) =>
    log.map(write).join(between);

describe('lists as more languages print them', () => {
  const pair: Write = ([s, n]) => `(${s}, ${n})`;
  test.each<[string, (log: readonly Message[]) => string]>([
    [
      'structures of Go in full',
      (log) => `[]main.Msg{${list(([s, n]) => `main.Msg{Sender:${s}, Seq:${n}}`)(log)}}`,
    ],
    ['a typed array of Julia', (log) => `Any[${list(pair)(log)}]`],
    ['a sequence of Nim', (log) => `@[${list(pair)(log)}]`],
    [
      'records of OCaml',
      (log) => `[${list(([s, n]) => `{sender = ${s}; seq = ${n}}`, '; ')(log)}]`,
    ],
    ['structures of Zig', (log) => lines(([s, n]) => `M{ .sender = ${s}, .seq = ${n} }`, log)],
    ['terms of Erlang', (log) => lines(([s, n]) => `{deliver,${s},${n}}.`, log)],
    ['options', (log) => lines(([s, n]) => `Some((${s}, ${n}))`, log)],
    ['what a notebook shows', (log) => `Out[5]: [${list(pair)(log)}]`],
    ['a tensor', (log) => `tensor([${list(([s, n]) => `[${s}, ${n}]`)(log)}], device='cpu')`],
  ])('%s', (_, write) => {
    expect(rounds(compareTexts(SWAPPED.map((log) => write(log))))).toEqual([2, 12]);
  });
});

describe('brackets in front of words are no list of messages', () => {
  test.each<Write>([
    ([s, n], at) => `[L=${at}] delivered (${s}, ${n})`,
    ([s, n], at) => `[VC: 1,${at}] delivered message ${n} from ${s}`,
    ([s, n]) => `buffer: [(${s}, ${n}), (7, 7)]\ndelivered (${s}, ${n})`,
    ([s, n], at) => `${at === 0 ? "config {'peers': 3}\n" : ''}delivered message ${n} from ${s}`,
    ([s, n]) => `deliver(${s}, ${n}) at <1,2,0>`,
    ([s, n]) => `(${s}, ${n}) delivered`,
  ])('%s', (write) => {
    expect(rounds(compareTexts(SWAPPED.map((log) => lines(write, log))))).toEqual([2, 12]);
  });

  test('a second list is one of a second run all the same', () => {
    expect(() => readMessages('log: [(0, 0), (1, 0)]\n[(0, 0), (1, 0)]\n')).toThrow(
      'nothing after the list',
    );
  });
});

describe('lines without a message that speak of deliveries', () => {
  test.each([
    'Starting delivery thread',
    '=== Deliveries ===',
    'Delivered messages of peer 0:',
    'delivery queue size: 3',
    'delivered so far: 4',
    'delivered 4 of 12',
    'delivery timeout, requesting again',
    '  File "peer.py", line 88, in deliver_loop',
    '\tat course.Peer.deliver(Peer.java:42)',
    'main.(*Peer).deliver(0xc000010000, 0x1)',
  ])('%s', (line) => {
    for (const write of [
      ([s, n]: Message) => `delivered (${s}, ${n})`,
      ([s, n]: Message) => `delivered message ${n} from ${s}`,
    ]) {
      const texts = SWAPPED.map(
        (log) => `${lines(write, log.slice(0, 5))}${line}\n${lines(write, log.slice(5))}`,
      );
      expect(rounds(compareTexts(texts))).toEqual([2, 12]);
    }
  });

  test.each(['delivered P1 m3', 'delivered 17', 'delivery of message 3'])(
    'one that may be a delivery is refused: %s',
    (line) => {
      expect(() => readMessages(`x delivered (0, 0)\n${line}\n`)).toThrow(
        'found a delivery without',
      );
    },
  );
});

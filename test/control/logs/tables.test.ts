import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, notes, OTHER_ORDER, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

const SWAPPED = [ALL, ALL, OTHER_ORDER];

const row = (write: (message: Message, place: number) => string) => (log: readonly Message[]) =>
  lines(write, log);

describe('tables as programs draw them', () => {
  const plain = row(([s, n]) => ` ${s}      | ${n}   `);
  const framed = row(([s, n]) => `| ${s} | ${n} |`);
  const boxed = row(([s, n], at) => `\u2502 ${at} \u2502 '${s}' \u2502 ${n} \u2502`);
  const spaced = row(([s, n]) => `       ${s}      ${n}`);
  test.each<[string, (log: readonly Message[]) => string]>([
    ['psql', (log) => ` sender | seq \n--------+-----\n${plain(log)}(12 rows)\n\n`],
    [
      'MySQL',
      (log) => `+--+--+\n|sender|seq|\n+--+--+\n${framed(log)}+--+--+\n12 rows in set (0.00 sec)\n`,
    ],
    [
      'console.table',
      (log) =>
        `\u250c\u2500\u2500\u252c\u2500\u2510\n\u2502 (index) \u2502 sender \u2502 seq \u2502\n\u251c\u2500\u2500\u253c\u2500\u2524\n${boxed(log)}\u2514\u2500\u2500\u2534\u2500\u2518\n`,
    ],
    [
      'rich',
      (log) =>
        `\u250f\u2501\u2501\u2533\u2501\u2513\n\u2503 place \u2503 sender \u2503 seq \u2503\n\u2521\u2501\u2501\u2547\u2501\u2529\n${boxed(log)}\u2514\u2500\u2500\u2534\u2500\u2518\n`,
    ],
    ['tabulate', (log) => `  sender    seq\n--------  -----\n${spaced(log)}`],
    ['Excel', (log) => `sep=;\nsender;seq\n${lines(([s, n]) => `${s};${n}`, log)}`],
    ['a unit', (log) => `sender,seq,delay (ms)\n${lines(([s, n]) => `${s},${n},0.5`, log)}`],
    [
      'tshark',
      (log) =>
        `frame.number\tip.src\tmcast.seq\n${lines(([s, n], at) => `${at}\t10.0.0.${s}\t${n}`, log)}`,
    ],
  ])('%s', (_, write) => {
    expect(rounds(compareTexts(SWAPPED.map(write)))).toEqual([2, 12]);
  });
});

describe('sender and number in one field', () => {
  test.each<[string, string, (message: Message) => string]>([
    ['of JSON', '', ([s, n]) => `{"id":"${s}:${n}","body":"hi 3"}`],
    ['beside who writes', '', ([s, n]) => `{"node":7,"msgId":"P${s}-${n}"}`],
    ['of CSV', 'message_id,text\n', ([s, n]) => `us-east${s}-${n},x`],
    ['behind a verb', '', ([s, n]) => `Delivered message: {'id': 'P${s}-${n}', 'body': 'x'}`],
  ])('%s', (_, head, write) => {
    const comparison = compareTexts(SWAPPED.map((log) => head + lines(write, log)));
    expect(rounds(comparison)).toEqual([2, 12]);
    expect(notes(comparison)).toMatch(/is message 0 of sender \S*0, by its field "\w+"\.|as told/);
  });

  test('is none where all begin alike, where one has another form, or beside a sender', () => {
    const all = (write: (message: Message) => string) => () => readMessages(lines(write));
    expect(all(([s, n]) => `{"id":"msg-${3 * n + Number(s)}"}`)).toThrow('found no number');
    expect(all(([s, n]) => `{"id":"${Number(s) > 0 ? `${s}-${n}` : 'x'}"}`)).toThrow('found "x"');
    expect(all(([s, n]) => `{"sender":"P${s}","id":"${s}-${n}"}`)).toThrow('found "0-0"');
  });
});

test.each(['events', 'entries', 'data'])('an object that is nothing but a list of %s', (name) => {
  const texts = SWAPPED.map((log) => {
    const events = log.map(([sender, seq]) => ({ type: 'deliver', sender, seq }));
    return JSON.stringify({ node: 1, [name]: events }, null, 1);
  });
  expect(rounds(compareTexts(texts))).toEqual([2, 12]);
});

test('a list inside a message is none of deliveries', () => {
  const text = '{"sender":0,"seq":0,"items":[[1,2]]}\n';
  expect(readMessages(text)).toEqual([['0', 0]]);
  expect(readMessages(text + text.replaceAll('"seq":0', '"seq":1'))).toHaveLength(2);
});

test.each([
  ['Java', 'Message{sender=Ana Lima, seq=0, text=pay 5 to Bo}', 'Ana Lima'],
  ['a record', 'delivered Message[from=P1, seq=0, text=pay 5]', 'P1'],
  ['Scala', 'Deliver(P1,0,pay 5)', 'P1'],
  ['names with hyphens', 'peer: delivered (node-a, 0)', 'node-a'],
  ['addresses', 'peer: delivered (10.0.0.1:5001, 0)', '10.0.0.1:5001'],
])('texts without quotes, as of %s', (_, line, sender) => {
  expect(readMessages(`${line}\n`)).toEqual([[sender, 0]]);
});

test.each(['message.delivered', 'MessageDelivered', 'deliver_message'])('an event %s', (event) => {
  const sent = event.replace(/deliver(?:ed)?/i, 'sent');
  const text = lines(
    ([s, n]) =>
      `{"event":"${sent}","sender":${s},"seq":${n}}\n{"event":"${event}","sender":${s},"seq":${n}}`,
  );
  expect(readMessages(text)).toHaveLength(12);
});

test('a part of a path says nothing of a message', () => {
  const text = 'INFO node{id=P0}: mcast::deliver: delivered sender="P1" seq=0\n';
  expect(readMessages(text)).toEqual([['P1', 0]]);
});

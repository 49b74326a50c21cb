import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, notes, OTHER_ORDER, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

type Write = (message: Message, place: number, peer: number) => string;

/** Three logs with two messages in another order at the last peer: 2 of 12 rounds. */
const swapped = (write: Write, header = '') =>
  [ALL, ALL, OTHER_ORDER].map((log, peer) => {
    return `${header}${log.map((message, place) => `${write(message, place, peer)}\n`).join('')}`;
  });

describe('sender and number are taken from one object', () => {
  test.each<[string, string, Write]>([
    [
      'the receiver outside',
      '"msg.node" and "msg.seq"',
      ([s, n], _place, peer) => `{"node":${peer},"msg":{"node":${s},"seq":${n}}}`,
    ],
    [
      'the receiver and an event outside',
      '"msg.process" and "msg.number"',
      ([s, n], _place, peer) =>
        `{"process":${peer},"event":"deliver","msg":{"process":${s},"number":${n}}}`,
    ],
    [
      'a position outside',
      '"msg.from" and "msg.seq"',
      ([s, n], place) => `{"seq":${place},"msg":{"from":${s},"seq":${n}}}`,
    ],
    [
      'the text of a logging library outside',
      '"message.sender" and "message.id"',
      ([s, n]) => `{"pid":7,"msg":"delivered","message":{"sender":${s},"id":${n}}}`,
    ],
    [
      'an operation inside',
      '"sender" and "seq"',
      ([s, n]) => `{"sender":${s},"seq":${n},"op":{"from":9,"n":9}}`,
    ],
  ])('%s', (_, fields, write) => {
    const comparison = compareTexts(swapped(write));
    expect(rounds(comparison)).toEqual([2, 12]);
    expect(notes(comparison)).toContain(`by its fields ${fields}.`);
  });

  test.each([
    [
      '{"node":0,"seq":7,"msg":{"node":1,"seq":3}}',
      'are sender and number "node" and "seq", or "msg.node" and "msg.seq"? allowed is --fields ' +
        'SENDER,NUMBER with the names of the two that count, such as --fields msg.node,msg.seq',
    ],
    [
      '{"cause":{"sender":0,"seq":7},"msg":{"sender":1,"seq":3}}',
      '"cause.sender" and "cause.seq", or "msg.sender" and "msg.seq"?',
    ],
    [
      '{"from":0,"seq":7,"payload":{"sender":1,"seq":3}}',
      'such as --fields payload.sender,payload.seq',
    ],
    ['{"node":0,"msg":{"seq":3}}', '"node" and "msg.seq" stand in different objects'],
    ['{"node":0,"seq":7,"msg":{"sender":1}}', 'is the sender "node" or "msg.sender"?'],
  ])('%s: nobody can tell', (text, message) => {
    expect(() => readMessages(text)).toThrow(message);
  });

  test('fields of an inner object are told with its name, or without where only one has them', () => {
    const row = '{"node":0,"seq":7,"msg":{"node":1,"seq":3},"old":{"seq":2}}';
    expect(readMessages(row, ['msg.node', 'msg.seq'])).toEqual([['1', 3]]);
    expect(readMessages(row, ['node', 'seq'])).toEqual([['0', 7]]);
    const inner = '{"at":7,"msg":{"node":1,"seq":3},"old":{"seq":2}}';
    expect(readMessages(inner, ['node', 'old.seq'])).toEqual([['1', 2]]);
    expect(() => readMessages(inner, ['node', 'seq'])).toThrow(
      'is "seq" the field "msg.seq" or "old.seq"?',
    );
  });
});

describe('the place of a line is no number of a message', () => {
  test.each<[string, string, Write, string]>([
    [
      'beside the number',
      'seq,sender,n\n',
      ([s, n], place) => `${place},${s},${n}`,
      'log0.txt, line 2, column 1: field "seq" seems to be the place of a line, or a time, rather than the number ' +
        'that the sender gave the message: it grows from line to line in each log, and 4 is a message of sender 1 in ' +
        'one log and of sender 2 in another. --fields sender,n takes field "n", --fields sender,seq takes it all the same',
    ],
    [
      'beside a number of another name',
      'sender,seq,local_seq\n',
      ([s, n], place) => `${s},${place},${n}`,
      'is the number "seq" or "local_seq"?',
    ],
    [
      'without a number',
      'seq,sender\n',
      ([s], place) => `${place},${s}`,
      '--fields sender,seq takes it all the same',
    ],
    ['in tuples', '', ([s], place) => `(${s}, ${place})`, '--fields 1,2 takes it all the same'],
    [
      'in named values',
      '',
      ([s, n], place) => `deliver: seq=${place} origin=${s} lseq=${n}`,
      'is the number "seq" or "lseq"?',
    ],
  ])('%s', (_, header, write, message) => {
    expect(() => compareTexts(swapped(write, header))).toThrow(message);
  });

  test('of equal logs as well, where another column may be the number', () => {
    const text = `seq,sender,n\n${ALL.map(([s, n], place) => `${place},${s},${n}\n`).join('')}`;
    expect(() => compareTexts([text, text])).toThrow('it counts the lines of each log one by one');
    expect(rounds(compareTexts([text, text], { fields: ['sender', 'n'] }))).toEqual([0, 12]);
    expect(rounds(compareTexts([text, text], { fields: ['sender', 'seq'] }))).toEqual([0, 12]);
  });

  test('of equal logs, where a field has sender and number in one', () => {
    const text = lines(([s, n], at) => `{"n": ${at}, "sender": "P${s}", "id": "P${s}-${n}"}`);
    expect(() => compareTexts([text, text])).toThrow('--fields id,id takes field "id"');
    expect(rounds(compareTexts([text, text], { fields: ['id', 'id'] }))).toEqual([0, 12]);
  });

  test('told, it is taken; and equal logs may count all messages together', () => {
    const texts = swapped(([s, n], place) => `${place},${s},${n}`, 'seq,sender,n\n');
    expect(rounds(compareTexts(texts, { fields: ['sender', 'n'] }))).toEqual([2, 12]);
    const text = `sender,seq,time\n${ALL.map(([s], place) => `${s},${place},${place + 9}\n`).join('')}`;
    expect(rounds(compareTexts([text, text]))).toEqual([0, 12]);
  });
});

describe('a vector clock of two peers is no sender and number', () => {
  const clocks = ['1, 0', '1, 1', '1, 2', '2, 1', '2, 3', '3, 2'];
  test.each([
    ['before words', clocks.map((clock) => `[${clock}] deliver hello\n`).join('')],
    ['in tuples', clocks.map((clock) => `((${clock}), 7)\n`).join('')],
  ])('%s', (_, text) => {
    expect(() => compareTexts([text, text])).toThrow('seem to be a vector clock of two peers');
    expect(() => compareTexts([text, text.slice(0, text.lastIndexOf('\n', -2) + 1)])).toThrow(
      'seem to be a vector clock of two peers',
    );
    expect(compareTexts([text, text], { fields: ['1', '2'] }).unorderedRounds).toBe(0);
  });
});

describe('lines in another order than that of the deliveries are refused', () => {
  const at = (place: number) => `12:00:${String(10 + place)}`;
  const newestFirst = [ALL, OTHER_ORDER].map((log) =>
    lines(([s, n], place) => `${at(place)} delivered (${s}, ${n})`, log)
      .split('\n')
      .reverse()
      .join('\n'),
  );
  const sorted = [ALL, OTHER_ORDER].map((log) => {
    const rows = log.map(([s, n], place) => `${s},${n},${place}`).sort();
    return `sender,seq,position\n${rows.join('\n')}\n`;
  });

  test('with the newest first', () => {
    expect(() => compareTexts(newestFirst)).toThrow(
      /such as 12:00:21, the lines of each log begin with the last delivery; .* tac makes them/,
    );
  });

  test('sorted by sender', () => {
    expect(() => compareTexts(sorted)).toThrow(/the lines of each log are sorted by sender/);
    const same = sorted[0]!;
    expect(rounds(compareTexts([same, same]))).toEqual([0, 12]);
  });
});

test('a log that tells of arrivals alone, where the others tell of deliveries alone, may call these so', () => {
  const texts = ['delivered', 'received', 'delivered'].map((word) =>
    lines(([s, n]) => `${word} (${s}, ${n})`),
  );
  expect(() => compareTexts(texts)).toThrow(
    /^log1\.txt, line 1, .*this is not said to be a delivery/,
  );
  const both = lines(([s, n]) => `received (${s}, ${n})\ndelivered (${s}, ${n})`);
  expect(rounds(compareTexts([both, texts[1]!]))).toEqual([8, 8]);
});

test.each([
  ['a journal', 'MESSAGE', 'deliver 0 3'],
  ['a container', 'log', 'delivered message 3 from 0\\n'],
])('%s in JSON is refused, with what takes the texts out', (_, name, text) => {
  expect(() => readMessages(`{"time":"12:00","${name}":"${text}"}\n`)).toThrow(
    `jq -r '.${name}' takes it out`,
  );
});

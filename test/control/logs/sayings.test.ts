import { describe, expect, test } from '@jest/globals';
import { LogError } from '../../../control/logs/text/log-text.ts';
import { ALL, compareTexts, lines, notes, OTHER_ORDER, rounds, verdicts } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

/** Three logs with two messages in another order at the last peer: 2 of 12 rounds. */
const SWAPPED = [ALL, ALL, OTHER_ORDER];

type Write = (message: Message, place: number) => string;

/** The logs in which `held` stands in front, for each message against its order, as hold-back queues write it. */
const heldBack = (held: Write, delivered: Write) =>
  SWAPPED.map((log) => lines(held, ALL.toReversed()) + lines(delivered, log));

describe('words behind a delivery do not undo it', () => {
  test.each<[string, Write]>([
    [
      'of some lines only',
      ([s, n]) => `delivered message ${n} from peer ${s}${s === 0 ? '' : ', ack sent'}`,
    ],
    [
      'of one line',
      ([s, n], at) => `delivered message ${n} from ${s}${at === 4 ? ', 2 still held' : ''}`,
    ],
    ['of all lines', ([s, n]) => `delivered seq ${n} from ${s} (queue 3, 4)`],
    ['of a message in brackets', ([s, n]) => `delivered (${s}, ${n}), forwarded to 2, ack sent`],
    ['of named values', ([s, n]) => `deliver sender=${s} seq=${n} ack sent`],
    ['in quotes', ([s, n]) => `delivered message ${n} from ${s} "not sent yet, ignored"`],
    ['behind a colon', ([s, n]) => `delivered message ${n} from ${s}: not sent yet, ignored`],
    [
      'in quotes before the message',
      ([s, n]) => `delivered '${n === 2 ? 'stop, not sent' : 'hello'}' from ${s} (seq ${n})`,
    ],
    [
      'of what a message carries before it',
      ([s, n]) =>
        `delivered message: ${n === 2 ? 'can you send it?' : 'hi'} (sender=${s}, seq=${n})`,
    ],
    [
      'by whom it was sent',
      ([s, n]) => `message ${n} sent by process ${s} was delivered by process 7`,
    ],
    [
      'by whom it was delivered',
      ([s, n]) => `delivered by process 7: message ${n} from process ${s}`,
    ],
    ['in an order', ([s, n]) => `delivered in total order message ${n} from ${s}`],
  ])('%s', (_, write) => {
    const comparison = compareTexts(SWAPPED.map((log) => lines(write, log)));
    expect(rounds(comparison)).toEqual([2, 12]);
    expect(verdicts(comparison).broken).toEqual(['total', 'uniformTotal', 'gapFree']);
  });
});

describe('a delivery that is denied, put off or called an earlier one is none', () => {
  const delivered: Write = ([s, n]) => `delivered (${s}, ${n})`;
  const sentence: Write = ([s, n]) => `delivered message ${n} from peer ${s}`;
  const named: Write = ([s, n]) => `delivered sender=${s} seq=${n}`;
  const tight: Write = ([s, n]) => `delivered (${s},${n})`;
  const inOneWord: Write = ([s, n]) => `delivered ${s}:${n}`;
  test.each<[string, Write, Write]>([
    ['cannot deliver ... yet', ([s, n]) => `cannot deliver (${s}, ${n}) yet`, delivered],
    ['not delivered yet', ([s, n]) => `not delivered yet: (${s}, ${n})`, delivered],
    ['waiting to deliver', ([s, n]) => `waiting to deliver (${s}, ${n})`, delivered],
    ['to be delivered', ([s, n]) => `to be delivered (${s}, ${n})`, delivered],
    ['queued for delivery', ([s, n]) => `queued for delivery (${s}, ${n})`, delivered],
    ['will deliver', ([s, n]) => `INFO will deliver (${s}, ${n}) next`, delivered],
    ["can't deliver", ([s, n]) => `[P0] can't deliver (${s}, ${n})`, delivered],
    ['a call', ([s, n]) => `P0 cannot deliver(${s}, ${n})`, ([s, n]) => `P0 deliver(${s}, ${n})`],
    [
      'already delivered',
      ([s, n]) => `already delivered (${s}, ${n}), duplicate ignored`,
      delivered,
    ],
    ['behind the message', ([s, n]) => `message ${n} from peer ${s} not delivered yet`, sentence],
    ['to be delivered later', ([s, n]) => `message ${n} from peer ${s} to be delivered`, sentence],
    ['beside named values', ([s, n]) => `WARN: cannot deliver sender=${s} seq=${n} yet`, named],
    ['in brackets without a space', ([s, n]) => `cannot deliver (${s},${n})`, tight],
    [
      'in brackets without a space, behind the message',
      ([s, n]) => `delivery of (${s},${n}) failed`,
      tight,
    ],
    ['as two words before one word', ([s, n]) => `cannot deliver ${s}:${n}`, inOneWord],
    ["can't, before one word", ([s, n]) => `can't deliver ${s}:${n}`, inOneWord],
    ['as words before one word', ([s, n]) => `P0 is waiting to deliver ${s}:${n}`, inOneWord],
    ['in doubt, before one word', ([s, n]) => `tries to deliver ${s}:${n}`, inOneWord],
    ['as one word', ([s, n]) => `not-delivered (${s}, ${n})`, delivered],
    ['in two messages', ([s, n]) => `not delivered (${s}, ${n}), waiting for (${s}, 9)`, delivered],
  ])('%s', (_, held, write) => {
    const comparison = compareTexts(heldBack(held, write));
    expect(rounds(comparison)).toEqual([2, 12]);
    expect(notes(comparison)).toContain('no deliveries, are messages of: log0.txt (12)');
  });

  test.each<[string, Write, Write]>([
    ['ok', ([s, n]) => json(s, n, '"ok":false'), ([s, n]) => json(s, n, '"ok":true')],
    ['ok as a bit', ([s, n]) => json(s, n, '"ok":0'), ([s, n]) => json(s, n, '"ok":1')],
    ['rejected', ([s, n]) => json(s, n, '"rejected":true'), ([s, n]) => json(s, n, '"at":1')],
    [
      'a status',
      ([s, n]) => json(s, n, '"status":"held"'),
      ([s, n]) => json(s, n, '"status":"ok"'),
    ],
    [
      'the text of a logging library',
      ([s, n]) => `level=info msg="cannot deliver yet" sender=${s} seq=${n}`,
      ([s, n]) => `level=info msg="message delivered" sender=${s} seq=${n}`,
    ],
    [
      'an event of several words',
      ([s, n]) => `{"event":"waiting to deliver","sender":${s},"seq":${n}}`,
      ([s, n]) => `{"event":"message delivered","sender":${s},"seq":${n}}`,
    ],
  ])('by a field: %s', (_, held, write) => {
    expect(rounds(compareTexts(heldBack(held, write)))).toEqual([2, 12]);
  });

  test('a payload that has such a word in each message says nothing', () => {
    const text = `sender,seq,text\n${lines(([s, n]) => `${s},${n},hello`)}`;
    expect(rounds(compareTexts([text, text]))).toEqual([0, 12]);
  });

  test('a message in one word, behind more words than one that say it was delivered, is refused', () => {
    const text = `${lines(inOneWord)}P0 delivered 0:4\n`;
    expect(() => compareTexts([text, text])).toThrow(/log0\.txt, line 13, column 1: found/);
    const doubtful = `${lines(inOneWord, ALL.slice(0, 11))}can deliver it now 2:3\n`;
    expect(() => compareTexts([lines(inOneWord), doubtful])).toThrow(
      '"can" beside "deliver", and no other line says that the message was delivered',
    );
  });

  test('messages in brackets without a space are left to lines of another shape, if there are any', () => {
    const done = SWAPPED.map((log) => `${lines(tight, log)}Done.\n`);
    expect(rounds(compareTexts(done))).toEqual([2, 12]);
    const mixed = SWAPPED.map(
      (log) => `${lines(tight, log.slice(0, 9))}${lines(inOneWord, log.slice(9))}`,
    );
    expect(rounds(compareTexts(mixed))).toEqual([2, 12]);
    const other = `${lines(tight)}urb-deliver 0:4\nDone.\n`;
    expect(() => compareTexts([other, other])).toThrow(/log0\.txt, line 13, .* by another word/);
  });

  test('a log without any other delivery is refused, rather than read as empty', () => {
    const text = lines(([s, n]) => `waiting to deliver (${s}, ${n})`);
    expect(() => compareTexts([text, text])).toThrow('this is not said to be a delivery');
  });

  test('what was put off, and is never said to be delivered, may have been', () => {
    const text = `${lines(delivered, ALL.slice(0, 11))}will deliver (2, 3)\n`;
    expect(() => compareTexts([lines(delivered), text])).toThrow(
      'log1.txt, line 12, column 14: this says that the message is still to be delivered',
    );
    const lost = `${lines(delivered, ALL.slice(0, 11))}cannot deliver (2, 3)\n`;
    expect(verdicts(compareTexts([lines(delivered), lost])).broken).toContain('agreement');
  });
});

function json(sender: string | number, number: number, further: string): string {
  return `{"event":"deliver",${further},"sender":${sender},"seq":${number}}`;
}

describe('what cannot be told from a line is refused, rather than left out', () => {
  test.each([
    ['received message 0 from 1 and delivered it', '"received" and "delivered" in one line'],
    ['deliver (0, 1) failed', '"failed" beside "deliver"'],
    ['delivered (0, 1), duplicate ignored', '"duplicate" beside "delivered"'],
    ['delivery failed: (0, 1)', '"failed" beside "delivery"'],
    ['dropped delivery of (0, 1)', '"dropped" beside "delivery"'],
    ['can deliver (0, 1)', '"can" beside "deliver"'],
    ['delivering pending (0, 1)', '"pending" beside "delivering"'],
    ['x (0, 3) delivered after (0, 2)', '"delivered after"'],
    ['{"event":"delivery failed","sender":0,"seq":1}', '"failed" beside "delivery"'],
  ])('%s', (line, doubt) => {
    expect(() => readMessages(`${line}\n`)).toThrow(LogError);
    expect(() => readMessages(`${line}\n`)).toThrow(doubt);
  });

  test.each([
    'x delivered (0, 0), (1, 0)',
    'x delivered (0, 0) and (1, 0)',
    'x delivered (0, 0), then delivered (1, 0)',
    'delivered message 0 from 0 and message 0 from 1',
    'delivered message 0 from 0, delivered message 0 from 1',
  ])('two deliveries in one line: %s', (line) => {
    expect(() => readMessages(line)).toThrow('found a second message in the line; allowed is one');
  });

  test('one message beside another is not delivered with it', () => {
    const text = 'x delivered (0, 0) after (1, 0)\nx delivered (0, 1), next is (0, 2)\n';
    expect(readMessages(text)).toEqual([
      ['0', 0],
      ['0', 1],
    ]);
  });

  test('a word behind "delivered:" may be what the message carries', () => {
    const text = lines(([s, n]) => `delivered: ${n === 2 ? 'stop' : 'hi'} (${s}, ${n})`);
    expect(() => compareTexts([text, text])).toThrow(
      'log0.txt, line 7, column 17: whether this is a delivery cannot be told: it says "stop" and "delivered" in one line',
    );
  });

  test('many repetitions in other words: one of the two tells of no delivery', () => {
    const text = lines(([s, n]) => `offering delivery (${s}, ${n})\ndelivered (${s}, ${n})`);
    expect(() => compareTexts([text, text])).toThrow(
      'log0.txt, line 2, column 11: this repeats in other words what line 1, column 19 says',
    );
    const timed = [1, 3].map((time) =>
      lines(
        ([s, n]) =>
          `[${time}${n}] delivered (${s}, ${n})\n[${time + 1}${n}] delivered (${s}, ${n})`,
      ),
    );
    expect(verdicts(compareTexts(timed)).broken).toEqual(['integrity']);
  });
});

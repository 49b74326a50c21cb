import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, OTHER_ORDER, rounds, turns } from './judged-logs.ts';
import type { Message } from './written-logs.ts';

/** Three logs of which one has two messages the other way round; `write` is told the peer that writes. */
function logsOf(write: (message: Message, peer: number) => string, head = ''): string[] {
  return [ALL, ALL, OTHER_ORDER].map(
    (log, peer) => head + lines((message) => write(message, peer), log),
  );
}

describe('a name that each log has alone is the one of its writer', () => {
  test.each([
    ['in objects', logsOf(([s, n], peer) => `{"node":"P${peer}","absender":"P${s}","seq":${n}}`)],
    [
      'with numbers that all senders share',
      logsOf(([s, n], peer) => `{"node":"P${peer}","x":${s},"seq":${3 * n + Number(s)}}`),
    ],
    ['in CSV', logsOf(([s, n], peer) => `${peer},${s},${n}`, 'process,absender,number\n')],
  ])('%s', (_, texts) => {
    expect(() => compareTexts(texts)).toThrow(
      /log0\.txt, line \d, .* seems to name who writes.*no sender of one log is in another one/,
    );
  });

  test.each([
    ['in cells', ''],
    ['behind a time', '12:00:00,'],
  ])('%s of short logs', (_, before) => {
    const texts = [1, 2, 3].map((peer) => {
      return lines(([s, n]) => `${before}${peer},${s},${n}`, turns([1, 2, 3], 1));
    });
    expect(() => compareTexts(texts)).toThrow('no sender of one log is in another one');
  });

  test('before several senders in one word', () => {
    const texts = logsOf(([s, n], peer) => `P${peer}:DELIVER:P${s}:${n}`);
    expect(() => compareTexts(texts)).toThrow('no sender of one log is in another one');
  });

  test.each([
    ['of a node', logsOf(([s, n], peer) => `{"node":"P${peer}","origin_node":"P${s}","seq":${n}}`)],
    ['of a process', logsOf(([s, n], peer) => `pid=4${peer} initiator=P${s} seq=${n}`)],
  ])('but for names that tell the sender: %s', (_, texts) => {
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
  });

  test('but where a flag takes it, or nothing else is there: of a peer that delivers its own alone', () => {
    const texts = [0, 1].map((peer) => lines(([, n]) => `P${peer} ${n} x`, turns([0], 3)));
    expect(() => compareTexts(texts)).toThrow('--fields 1,2 takes it all the same');
    expect(rounds(compareTexts(texts, { fields: ['1', '2'] }))).toEqual([6, 6]);
    expect(rounds(compareTexts(texts.map((text) => text.replaceAll(' x', ''))))).toEqual([6, 6]);
  });
});

describe('what each peer calls itself is no sender', () => {
  const own = logsOf(([s, n], peer) => `delivered message ${n} from ${s === peer ? 'me' : s}`);

  test('and is refused, unless somebody tells whose the logs are', () => {
    expect(() => compareTexts(own)).toThrow(
      /^log0\.txt, line 1, .*each log lacks one sender that all others have, so that "me" may be what each peer calls itself/,
    );
    expect(() => compareTexts(own.slice(0, 2))).toThrow('may be what each peer calls itself');
    expect(rounds(compareTexts(own, { senders: ['0', '1', '2'] }))).toEqual([16, 16]);
  });

  test('but where a peer delivered everything but its own, that is judged', () => {
    const logs = [0, 1, 2].map((peer) => ALL.filter(([sender]) => sender !== peer));
    const texts = logs.map((log) => lines(([s, n]) => `delivered message ${n} from ${s}`, log));
    expect(rounds(compareTexts(texts))).toEqual([12, 12]);
  });
});

describe('one word for all senders is none of them', () => {
  const id = ([s, n]: Message) => 3 * n + Number(s);
  test.each([
    ['a kind of thing', logsOf((message) => `message ${id(message)}`)],
    ['behind a verb', logsOf((message) => `delivered msg ${id(message)}`)],
    [
      'a place',
      [ALL, ALL].map((log) => lines(([s, n], at) => `slot ${at} decided: (${s}, ${n})`, log)),
    ],
    ['a host', logsOf(([s, n]) => `{"host":"lab","by":"P${s}","seq":${n}}`)],
    ['who writes one line', ['peer 0: (0,0) (1,0)\n', 'peer 1: (1,0) (0,0)\n']],
  ])('%s', (_, texts) => {
    expect(() => compareTexts(texts)).toThrow(/log0\.txt, line 1, .*: all messages are of "/);
  });

  test.each([
    ['a name that a file has', ['alice.log', 'bob.log'], 'alice'],
    ['a number', ['a.log', 'b.log'], '7'],
    ['a name with a number', ['a.log', 'b.log'], 'P7'],
  ])('but for %s', (_, names, sender) => {
    const text = lines(([, n]) => `${sender} ${n} x`, turns([0], 3));
    expect(rounds(compareTexts([text, text], {}, names))).toEqual([0, 3]);
  });
});

test('words before two numbers that may be sender and number are refused', () => {
  const texts = [0, 1, 2].map(() =>
    lines(([s, n]) => `R ${s} ${n}\nD ${s} ${n}`, turns([0, 1, 2], 1)),
  );
  expect(() => compareTexts(texts)).toThrow('the two numbers behind it may be sender and number');
  const amounts = lines(([s, n], at) => `P${s} ${n} ${at}`);
  expect(rounds(compareTexts([amounts, amounts], {}, ['a.log', 'b.log']))).toEqual([0, 12]);
});

import { describe, expect, test } from '@jest/globals';
import { compareTexts, lines, rounds, turns, verdicts } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

/** Three senders with twelve messages each, counted from 1: some numbers begin as others do. */
const MANY = turns([0, 1, 2], 12, 1);

describe('a last line without an end may be cut', () => {
  test.each<[string, (message: Message) => string]>([
    ['cells', ([s, n]) => `deliver ${s} ${n}`],
    ['named values', ([s, n]) => `deliver sender=${s} seq=${n}`],
    ['EPFL', ([s, n]) => `d ${s} ${n}`],
  ])('%s', (_, write) => {
    const [whole, half] = [lines(write, MANY), lines(write, MANY.slice(0, 30))];
    // Message 11 of sender 0 without its last figure is message 1.
    const cut = half + write(MANY[30]!).slice(0, -1);
    const told = { crashed: ['log2.txt'] };
    expect(() => compareTexts([whole, whole, cut], told)).toThrow(
      /^log2\.txt, line 31, column 1: the last line has no end .* seems to be cut/,
    );
    const done = half + write(MANY[30]!);
    const comparison = compareTexts([whole, whole, done], told);
    expect(verdicts(comparison).broken).toEqual([]);
    expect(rounds(comparison)).toEqual([5, 36]);
  });

  test('where no log ends its last line, programs join their lines', () => {
    const text = lines(([s, n]) => `deliver ${s} ${n}`, [...MANY, MANY[0]!]).trimEnd();
    expect(verdicts(compareTexts([text, text])).broken).toEqual(['integrity']);
  });
});

test('colours of a terminal say nothing', () => {
  const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
  expect(readMessages(`${red('delivered')} (${red('1')}, 3)\n`)).toEqual([['1', 3]]);
  expect(readMessages(`INF delivered ${red('sender=')}1 ${red('seq=')}3\n`)).toEqual([['1', 3]]);
});

test('an object of Ruby is no comment', () => {
  expect(readMessages('#<struct Message sender=1, seq=3>\n')).toEqual([['1', 3]]);
});

test.each(['#alice 3 1\n#alice 4 1\n', '// delivered (0, 3)\n// delivered (1, 3)\n'])(
  'comments that look like messages are no empty log: %j',
  (text) => {
    expect(() => readMessages(text)).toThrow('begins with # or // is a comment');
  },
);

test('comments that are headings are an empty log', () => {
  expect(readMessages('# peer 0 of 3\n# run 2 at 10:00\n')).toEqual([]);
});

test('a sum under the columns of a table is no message', () => {
  const text = `sender,seq\n${lines(([s, n]) => `${s},${n}`)}Total,12\n`;
  expect(() => compareTexts([text, text])).toThrow('found "Total" in the place of a sender');
});

test('objects behind one word are several deliveries', () => {
  expect(() => readMessages('x delivered { sender: 0, seq: 0 }, { sender: 1, seq: 0 }\n')).toThrow(
    'found a second message in the line',
  );
});

test('a pair above a table is no message', () => {
  const text = `shape: (12, 2)\n${lines(([s, n]) => `| ${s} ; ${n} |`)}`;
  expect(() => compareTexts([text, text])).toThrow('the forms that are read are');
});

import { describe, expect, test } from '@jest/globals';
import { readSaying } from '../../../control/logs/fields/sayings.ts';
import { ALL, compareTexts, lines, notes, OTHER_ORDER, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

type Write = (message: Message, place: number) => string;

/** Logs that agree, and one with two messages the other way round. */
const SWAPPED = [ALL, OTHER_ORDER];

describe('a doubtful line counts for nothing where another one tells plainly of the delivery', () => {
  const delivered: Write = ([s, n]) => `x delivered (${s}, ${n})`;
  test.each<[string, Write]>([
    ['a check', ([s, n]) => `x checking if (${s}, ${n}) can be delivered: no`],
    ['the name of a queue', ([s, n]) => `x enqueued (${s}, ${n}) in delivery queue`],
    [
      'the name of a queue that it leaves',
      ([s, n]) => `x removed (${s}, ${n}) from delivery queue`,
    ],
    ['an attempt', ([s, n]) => `x deliver (${s}, ${n}) failed`],
  ])('%s', (_, doubtful) => {
    const texts = SWAPPED.map((log) => lines(doubtful, ALL.toReversed()) + lines(delivered, log));
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
    expect(notes(compareTexts(texts))).toContain('no deliveries, are messages of: log0.txt (12)');
    const lacking = [texts[0]!, lines(doubtful) + lines(delivered, ALL.slice(0, 11))];
    expect(() => compareTexts(lacking)).toThrow(
      'and no other line says that the message was delivered',
    );
  });

  test('a multicast that may be a delivery as well is doubtful', () => {
    const text = 'x broadcast (0, 0) and delivered it\nx delivered (1, 0)\n';
    expect(() => readMessages(text)).toThrow('it says "broadcast" and "delivered" in one line');
  });
});

test.each([
  ['arrows', '->', '<-', '=>'],
  ['pictures', '\u{1f4e4}', '\u{1f4e5}', '\u2705'],
])('repetitions behind other signs are refused as those in other words are: %s', (_, ...signs) => {
  const [sent, received, delivered] = signs.map((sign) =>
    lines(([s, n]) => `${sign} (${s}, ${n})`),
  );
  const texts = [sent! + received! + delivered!, received! + delivered!];
  expect(() => compareTexts(texts)).toThrow(
    'log0.txt, line 13, column 4: this repeats in other words',
  );
});

describe('a field that may be about something else denies no delivery by itself', () => {
  test.each([
    ['"op":"withdraw","result":"rejected"', '"result" is "rejected"'],
    ['"state":"waiting"', '"state" is "waiting"'],
    ['"pending":true', '"pending" is "true"'],
  ])('%s', (field, doubt) => {
    const text = lines(([s, n], at) => {
      const further = at % 3 === 0 ? `,${field}` : '';
      return `{"event":"deliver","sender":${s},"seq":${n}${further}}`;
    });
    expect(() => compareTexts([text, text])).toThrow(
      `log0.txt, line 1, column 1: whether this is a delivery cannot be told: ${doubt}, and no other line`,
    );
  });

  test('nor one beside messages of which nothing is said', () => {
    const text = `sender,seq,op,result\n${lines(([s, n], at) => `${s},${n},withdraw,${at === 3 ? 'rejected' : 'ok'}`)}`;
    expect(() => compareTexts([text, text])).toThrow(
      'log0.txt, line 5, column 1: whether this is a delivery cannot be told: "result" is "rejected"',
    );
  });
});

describe('what is no denial of a delivery', () => {
  test.each<[string, Write]>([
    ['total order', ([s, n]) => `TO-deliver (${s}, ${n})`],
    ['total order in cells', ([s, n]) => `TO_DELIVER ${s} ${n}`],
    ['a duration', ([s, n]) => `delivered message ${n} from ${s} (delayed ${n} ms)`],
    ['how it came', ([s, n]) => `delivered message ${n} from ${s} without retransmission`],
    ['whose it is not', ([s, n]) => `delivered message ${n} from ${s} (not own)`],
    ['what it is not', ([s, n]) => `x not a duplicate, delivered (${s}, ${n})`],
    ['a count', ([s, n]) => `x deliver (${s}, ${n}) failed=0 dropped: 0`],
    ['where it was', ([s, n]) => `x released (${s}, ${n}) from the hold-back queue, delivering`],
    ['what it carries', ([s, n], at) => `x (${s}, ${n}) ${at === 2 ? 'hello' : 'bye'}`],
  ])('%s', (_, write) => {
    expect(rounds(compareTexts(SWAPPED.map((log) => lines(write, log))))).toEqual([2, 12]);
  });

  test('the delivery in total order is one of another layer', () => {
    const text = lines(([s, n]) => `R-deliver (${s}, ${n})\nTO-deliver (${s}, ${n})`);
    expect(() => compareTexts([text, text])).toThrow('by another word ("todeliver") than before');
  });
});

test.each([
  ['nothing', '0', 'something', '3'],
  ['something', '3', 'nothing', '0'],
])('a count of %s (%s) says nothing of one of %s (%s), which a later line has', (...counts) => {
  const [, one, , other] = counts;
  const told = [one, other].map((count) => `counted-${one} delivered (0, 1) failed=${count}`);
  const doubts = told.map((line) => readSaying(line, 20, 26).doubt);
  expect(doubts.map((doubt) => doubt === null)).toEqual([one === '0', other === '0']);
});

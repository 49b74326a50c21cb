import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, notes, rounds } from './judged-logs.ts';
import { readMessages, type Message } from './written-logs.ts';

type Write = (message: Message, place: number) => string;

const NAMED = ALL.map(([s, n]): Message => [`P${s}`, n]);
const read = (write: Write) => readMessages(lines(write, NAMED));

describe('what programs print is read', () => {
  test.each<[string, Write]>([
    ['an identity among named values', ([s, n]) => `DELIVER msg_id=${s}-${n} ts=7`],
    ['an identity as the only one', ([s, n]) => `delivered msg_id: ${s}-${n}`],
    [
      'texts without quotes, with signs',
      ([s, n]) => `Msg(sender=${s}, seq=${n}, text=set x=3 a:b)`,
    ],
    [
      'texts without quotes, before a space',
      ([s, n]) => `Msg { Sender = ${s}, Seq = ${n}, Text = pay 5 }`,
    ],
    ['a severity and a name in brackets', ([s, n]) => `[INFO  mcast] deliver ${s}/${n}`],
    ['a time in these as well', ([s, n]) => `[2026-11-20T14:03:08Z INFO  mcast] deliver ${s}/${n}`],
    ['a map of Erlang', ([s, n]) => `#{seq => ${n},sender => ${s},vc => #{a => 1}}`],
    ['a record of Erlang', ([s, n]) => `#msg{sender = ${s},seq = ${n}}`],
    ['strings before a number', ([s, n]) => `('deliver', '${s}', ${n}, 17.5)`],
    [
      'a time before named values',
      ([s, n], at) => `+0.${100 + at}s 0 deliver sender=${s} seq=${n}`,
    ],
  ])('%s', (_, write) => {
    expect(read(write)).toEqual(NAMED);
  });

  test('a field that says of each message whether it was delivered', () => {
    const text = lines(([s, n]) => `${s},${n},false\n${s},${n},true`, NAMED);
    expect(readMessages(`sender,seq,isDelivered\n${text}`)).toEqual(NAMED);
    expect(() => readMessages(`sender,seq,undelivered\n${text}`)).toThrow(
      'whether this is a delivery',
    );
  });

  test('maps of Erlang are no comments, which would leave an empty log', () => {
    expect(() => readMessages('#{a => b}\n#{a => c}\n')).toThrow('found no sender of a message');
  });

  test('a vector clock behind the sender is no message', () => {
    const text = lines(([s, n]) => `deliver P${s} [${n}, ${s}] hello`);
    expect(() => readMessages(text)).toThrow('log, line 1, column 1: found "deliver"');
    expect(readMessages('deliver P0 (0, 1)\n')).toEqual([['0', 1]]);
  });

  test('a word before two numbers is no sender beside numbers', () => {
    const text = lines(([s, n]) => `in ${s} ${n}\n${s} ${n}`);
    expect(() => compareTexts([text, text])).toThrow(
      'log0.txt, line 1, column 1: found "in" in the place of a sender, where others are numbers',
    );
  });
});

describe('--fields takes what no form has by itself', () => {
  test.each<[string, [string, string], Write]>([
    ['cells behind a name', ['2', '3'], ([s, n]) => `g1\t${s}\t${n}\thello`],
    ['cells behind a word', ['2', '3'], ([s, n]) => `apply ${s} ${n}`],
    ['cells the other way round', ['4', '2'], ([s, n]) => `x,${n},y,${s}`],
    ['named values', ['sender', 'local'], ([s, n], at) => `global=${at} sender=${s} local=${n}`],
  ])('%s', (_, fields, write) => {
    const text = lines(write, NAMED);
    expect(() => compareTexts([text, text, text])).toThrow();
    const comparison = compareTexts([text, text, text], { fields });
    expect(rounds(comparison)).toEqual([0, 12]);
    expect(notes(comparison)).toContain('as told');
  });

  test('words still tell what happened', () => {
    const text = lines(([s, n]) => `g1|received|${s}|${n}\ng1|delivered|${s}|${n}`, NAMED);
    const comparison = compareTexts([text, text, text], { fields: ['3', '4'] });
    expect(rounds(comparison)).toEqual([0, 12]);
  });

  test('and is named where cells may be told', () => {
    expect(() => readMessages('apply P0 0\napply P1 0\n')).toThrow('--fields 2,3');
  });
});

test('what a refusal says of jq is no field that has no more than a verb, and one that has a list', () => {
  const object = (log: unknown) => JSON.stringify({ event: 'deliver', sender: 'P0', log });
  expect(() => readMessages(object(1))).not.toThrow("jq -r '.event'");
  const listed = '{"node": "P0", "what_came": [["P0", 0], ["P1", 0]]}';
  expect(() => readMessages(listed)).toThrow("jq -r '.what_came' takes it out");
});

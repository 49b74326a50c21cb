import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, OTHER_ORDER, rounds, verdicts } from './judged-logs.ts';
import type { Message } from './written-logs.ts';

type Write = (message: Message, place: number) => string;

const tuple: Write = ([s, n]) => `delivered (${s}, ${n})`;

describe('two runs in one file are not one', () => {
  test.each<[string, Write]>([
    ['cells', ([s, n]) => `${s} ${n}`],
    ['words', tuple],
    ['objects', ([s, n]) => `{"sender":${s},"seq":${n}}`],
  ])('%s', (_, write) => {
    const once = lines(write);
    const message = /line 13, column \d+: from here on 12 deliveries in a row repeat earlier ones/;
    expect(() => compareTexts([once + once, once + once])).toThrow(message);
    expect(() => compareTexts([once, once + lines(write, OTHER_ORDER)])).toThrow(message);
    const shorter = once + lines(write, ALL.slice(0, 7));
    expect(() => compareTexts([shorter, shorter])).toThrow('from here on 7 deliveries in a row');
  });

  test('but where a flag says so, a peer delivered everything again', () => {
    const once = lines(tuple);
    const comparison = compareTexts([once, once + once, once], { oneRun: true });
    expect(verdicts(comparison).broken).toEqual(['integrity']);
    expect(rounds(comparison)).toEqual([0, 12]);
    expect(comparison.guarantees.integrity.counterexample?.text).toContain('(0, 0)');
    expect(() => compareTexts([once, once + once, once])).toThrow('--one-run judges them so');
  });

  test('a program that delivers twice breaks integrity', () => {
    const twice = lines(
      tuple,
      ALL.flatMap((message) => [message, message]),
    );
    expect(verdicts(compareTexts([twice, lines(tuple)])).broken).toEqual(['integrity']);
    const inPairs = ALL.flatMap((message, at) => (at % 2 === 1 ? [ALL[at - 1]!, message] : []));
    const again = lines(
      tuple,
      inPairs.flatMap((message, at) => {
        return at % 2 === 1 ? [inPairs[at - 1]!, message, inPairs[at - 1]!, message] : [];
      }),
    );
    expect(verdicts(compareTexts([again, lines(tuple)])).broken).toEqual(['integrity']);
  });
});

describe('what a line says of an earlier delivery is none', () => {
  /** The logs with one line behind the sixth delivery, about the fifth one. */
  const withLine = (write: (message: Message) => string) =>
    [ALL, ALL, OTHER_ORDER].map((log) => {
      return lines(tuple, log.slice(0, 6)) + `${write(log[4]!)}\n` + lines(tuple, log.slice(6));
    });

  test.each([
    'heartbeat: last delivered (S, N)',
    'previously delivered (S, N)',
    'latest delivery: (S, N)',
    'requesting more, delivered up to (S, N)',
    'stable: (S, N) delivered by all',
    '(S, N) delivered everywhere',
    '(S, N) was delivered already, skipping',
  ])('%s', (line) => {
    const texts = withLine(([s, n]) => line.replace('S', String(s)).replace('N', String(n)));
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
    expect(verdicts(compareTexts(texts)).broken).toEqual(['total', 'uniformTotal', 'gapFree']);
  });

  test.each(['ack: peer 2 has delivered (S, N)', '(S, N) delivered by peer 2'])(
    'words that tell of nothing else are refused: %s',
    (line) => {
      const texts = withLine(([s, n]) => line.replace('S', String(s)).replace('N', String(n)));
      expect(() => compareTexts(texts)).toThrow('is said in other words as well');
    },
  );

  test('a repetition in the same words is one', () => {
    expect(verdicts(compareTexts(withLine((message) => tuple(message, 0)))).broken).toContain(
      'integrity',
    );
  });
});

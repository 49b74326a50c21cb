import { expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, OTHER_ORDER, rounds } from './judged-logs.ts';

test('the parts of a rotated log are not two peers', () => {
  const text = lines(([s, n]) => `${s} ${n}`);
  const names = ['peer0.log', 'peer0.log.1', 'peer1.log'];
  expect(() => compareTexts([text, text, text], {}, names)).toThrow(
    'peer0.log.1 and peer0.log seem to be parts of one log',
  );
  const numbered = ['peer.log.0', 'peer.log.1', 'peer.log.2'];
  expect(rounds(compareTexts([text, text, text], {}, numbered))).toEqual([0, 12]);
});

test.each([0, 1])(
  'a table may have a column without a name that counts its rows from %i',
  (first) => {
    const texts = [ALL, ALL, OTHER_ORDER].map((log) => {
      return `   sender seq\n${lines(([s, n], at) => `${at + first}   ${s}  ${n}`, log)}`;
    });
    expect(rounds(compareTexts(texts))).toEqual([2, 12]);
  },
);

test('a cell beyond the header that counts nothing is refused', () => {
  const text = `sender seq\n${lines(([s, n], at) => `${s} ${n} ${at}`)}`;
  expect(() => compareTexts([text, text])).toThrow('found 3 cells; the header has 2');
});

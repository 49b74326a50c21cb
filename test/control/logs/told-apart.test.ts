import { describe, expect, test } from '@jest/globals';
import { ALL, compareTexts, lines, verdicts } from './judged-logs.ts';

/** The messages of two epochs, with numbers that begin anew in the second one. */
const EPOCHS = [0, 1].flatMap((epoch) => ALL.map(([s, n]) => ({ s, n, epoch, code: epoch + 1 })));
type Delivery = (typeof EPOCHS)[number];

const logOf = (write: (delivery: Delivery) => string, deliveries: readonly Delivery[] = EPOCHS) =>
  deliveries.map((delivery) => `${write(delivery)}\n`).join('');

describe('what tells messages apart besides sender and number', () => {
  test.each<[string, (delivery: Delivery) => string]>([
    ['a named value', ({ s, n, epoch }) => `deliver sender=${s} seq=${n} epoch=${epoch}`],
    [
      'a field of an object',
      ({ s, n, epoch }) => JSON.stringify({ view: epoch, sender: s, seq: n }),
    ],
    ['a further cell', ({ s, n, epoch }) => `${s} ${n} ${epoch}`],
    [
      'a word of a sentence',
      ({ s, n, epoch }) => `delivered message ${n} from P${s} in view ${epoch}`,
    ],
    [
      'a code of what happened',
      ({ s, n, code }) => `{"type": ${code}, "sender": ${s}, "seq": ${n}}`,
    ],
    [
      'what it carries',
      ({ s, n, epoch }) => `{"sender": ${s}, "seq": ${n}, "text": "t${n}${epoch}"}`,
    ],
  ])('%s', (_, write) => {
    const text = logOf(write);
    expect(() => compareTexts([text, text, text])).toThrow(
      /^log0\.txt, line 13, column \d+: this is message 0 of sender P?0 again, with "\w+".* and not the "\w+" of line 1,/,
    );
    expect(verdicts(compareTexts([text, text, text], { oneRun: true })).broken).toContain(
      'integrity',
    );
  });

  test('is named', () => {
    const text = logOf(({ s, n, epoch }) => `{"sender": ${s}, "seq": ${n}, "epoch": ${epoch}}`);
    expect(() => compareTexts([text, text])).toThrow(
      'with "1" behind "epoch" and not the "0" of line 1',
    );
  });

  test('also where one log lost some of them', () => {
    const write = ({ s, n, epoch }: Delivery) => `deliver sender=${s} seq=${n} epoch=${epoch}`;
    const text = logOf(write);
    const lacking = logOf(write, EPOCHS.toSpliced(14, 5));
    expect(() => compareTexts([lacking, text, text])).toThrow('--one-run');
  });
});

describe('repeated deliveries', () => {
  const repeated = (write: (place: number, log: number) => string) =>
    [0, 1, 2].map((log) =>
      lines(
        ([s, n], place) => `deliver sender=${s} seq=${n} ${write(place, log)}`,
        [...ALL, ALL[3]!, ALL[4]!],
      ),
    );

  test.each<[string, (place: number, log: number) => string]>([
    ['with the place of the delivery', (place) => `place=${place}`],
    ['with its time', (place, log) => `at=${1000 + place * 7 + log}`],
    ['with how many messages waited', (place, log) => `waiting=${(place + log) % 3}`],
    [
      'with what the message carries',
      (place) => `text=t${place % 12 === place ? place : place - 9}`,
    ],
  ])('%s are judged', (_, write) => {
    expect(verdicts(compareTexts(repeated(write))).broken).toEqual(['integrity']);
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  ALL,
  compareMessages,
  compareTexts,
  notes,
  rounds,
  turns,
  verdicts,
  type Told,
} from './judged-logs.ts';

describe('which field is the sender', () => {
  const write = (row: (sender: number, number: number, place: number) => string, log = ALL) =>
    `[${log.map(([s, n], place) => row(Number(s), n, place)).join(', ')}]`;
  const compareRows = (
    row: (sender: number, number: number, place: number) => string,
    told: Told = {},
  ) =>
    compareTexts(
      [1, 2, 3].map(() => write(row)),
      told,
    );

  test('a time in front of the sender leaves no number: refused, with file, line and column', () => {
    const rows = (sender: number, _number: number, place: number) =>
      `(${place + 1}, ${sender}, 'x')`;
    expect(() => compareRows(rows)).toThrow(
      /^log0\.txt, line 1, column 2: .*begin with a time or an index.*--fields 2,1/,
    );
    expect(rounds(compareRows(rows, { fields: ['2', '1'] }))).toEqual([0, 12]);
  });

  test('an index in front of sender and number is refused as well, with the flag that tells them', () => {
    const rows = (sender: number, number: number, place: number) =>
      `(${place}, ${sender}, ${number})`;
    expect(() => compareRows(rows)).toThrow('--fields 2,3 for the next ones');
    expect(rounds(compareRows(rows, { fields: ['2', '3'] }))).toEqual([0, 12]);
  });

  test('nor can a few messages tell whether they begin with a time', () => {
    const texts = [1, 2, 3].map(() => "[(1, 0, 'x'), (2, 1, 'x'), (3, 2, 'x')]");
    expect(() => compareTexts(texts)).toThrow('either way the numbers jump. --fields');
  });

  test('a decimal time in front is no field', () => {
    const comparison = compareRows(
      (sender, number, place) => `(${place}.25, ${sender}, ${number})`,
    );
    expect(rounds(comparison)).toEqual([0, 12]);
    expect(notes(comparison)).toContain('by its fields 2 and 3 (--fields tells others)');
  });

  test('the number in front of the sender cannot be told from a log that is missing', () => {
    const rows = (sender: number, number: number) => `(${number}, ${sender})`;
    expect(() => compareRows(rows)).toThrow('both ways make sense');
    expect(verdicts(compareRows(rows, { fields: ['2', '1'] })).broken).toEqual([]);
  });

  test('a name behind the number is the sender', () => {
    const comparison = compareRows((sender, number) => `(${number}, 'p${sender}')`);
    expect(notes(comparison)).toContain(
      "(0, 'p0') is message 0 of sender p0, by its fields 2 and 1",
    );
    expect(rounds(comparison)).toEqual([0, 12]);
  });

  test('a word in front that all share identifies nothing', () => {
    const rows = (sender: number, number: number) => `('DATA', ${sender}, ${number})`;
    expect(() => compareRows(rows)).toThrow('most deliveries would repeat another one');
    expect(rounds(compareRows(rows, { fields: ['2', '3'] }))).toEqual([0, 12]);
  });

  test('few messages of few senders make sense either way, and it is said', () => {
    const texts = [1, 2, 3].map(() => write((s, n) => `(${s}, ${n})`, turns([0, 1, 2], 3)));
    expect(notes(compareTexts(texts))).toContain('(--fields 2,1 takes the number first)');
    expect(notes(compareMessages([ALL, ALL, ALL]))).not.toContain('--fields');
  });

  test('lists of numbers in all logs are no messages', () => {
    expect(() => compareTexts(['[0, 0, 1, 0]', '[0, 0, 1, 0]'])).toThrow(
      'does not say who multicast what',
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { compareLogs } from '../../../control/logs/compare-logs.ts';
import { decodeLog, type DecodedLog } from '../../../control/logs/decode-log.ts';
import { LogError } from '../../../control/logs/text/log-text.ts';
import { comparisonSchema } from '../../../control/comparison-document.ts';
import { notes, rounds, verdicts } from './judged-logs.ts';

const decode = (bytes: Uint8Array, name = 'log'): DecodedLog =>
  decodeLog(name, bytes, (each, encoding, fatal) =>
    new TextDecoder(encoding, { fatal }).decode(each),
  );

const NAMES = ['Jürg', 'Jörg', 'Karl'];
const rows = (names: readonly string[]) =>
  `sender,seq\n${[0, 1].flatMap((seq) => names.map((name) => `${name},${seq}\n`)).join('')}`;

test('a text in UTF-16, as Windows PowerShell writes it, is one in UTF-8', () => {
  const text = '[(0, 0), ("Zoë", 1)]\r\n';
  const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const big = Buffer.from(little).swap16();
  const unmarked = [little.subarray(2), Buffer.from(little.subarray(2)).swap16()];
  for (const bytes of [little, big, ...unmarked, Buffer.from(text)]) {
    expect(decode(bytes)).toEqual({ name: 'log', text });
  }
  expect(decode(Buffer.from([])).text).toBe('');
});

describe('a text that is not UTF-8', () => {
  const latin = Buffer.from(rows(NAMES), 'latin1');

  test('is read as Windows-1252, so that senders stay apart, and that is told', () => {
    const files = ['a.csv', 'b.csv'].map((name) => decode(latin, name));
    const comparison = comparisonSchema.parse(compareLogs(files, {}, 5));
    expect(comparison.reading!.senders.filter((name) => name !== null)).toEqual(NAMES);
    expect(rounds(comparison)).toEqual([0, 6]);
    expect(verdicts(comparison).broken).toEqual([]);
    expect(notes(comparison)).toContain('Not UTF-8, and so read as Windows-1252: a.csv, b.csv.');
  });

  test('agrees with the same text in UTF-8', () => {
    const files = [decode(latin, 'a.csv'), decode(Buffer.from(rows(NAMES)), 'b.csv')];
    const comparison = comparisonSchema.parse(compareLogs(files, {}, 5));
    expect(rounds(comparison)).toEqual([0, 6]);
    expect(notes(comparison)).toContain('read as Windows-1252: a.csv.');
  });

  test('no two bytes become one character', () => {
    const bytes = Uint8Array.from({ length: 128 }, (_, at) => 0x80 + at);
    // A letter in front, because 0x80 and a second such byte would be a pickle.
    const { text } = decode(Buffer.concat([Buffer.from('a'), bytes.reverse()]));
    expect(new Set(text).size).toBe(129);
    expect(text).not.toContain('\ufffd');
  });

  test('is refused, with its line, where it is UTF-8 elsewhere', () => {
    const mixed = Buffer.concat([Buffer.from(rows(['Jörg'])), Buffer.from('Jürg,2\n', 'latin1')]);
    expect(() => decode(mixed)).toThrow(LogError);
    expect(() => decode(mixed)).toThrow('log, line 4: found bytes that are not UTF-8');
    expect(() => decode(mixed.subarray(0, -1))).toThrow('log, line 4: ');
  });

  test('is refused as half a character of UTF-16', () => {
    expect(() => decode(Buffer.from([0xfe, 0xff, 0x00]))).toThrow(
      'log, line 1, column 1: found half a character of utf-16be',
    );
  });
});

test.each([
  ['compressed by gzip; gunzip', [0x1f, 0x8b, 8, 0, 0]],
  ['a ZIP archive', [0x50, 0x4b, 3, 4, 20]],
  ['compressed by Zstandard', [0x28, 0xb5, 0x2f, 0xfd, 4]],
  ['compressed by xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['compressed by bzip2', [0x42, 0x5a, 0x68, 0x39]],
  ['a pickle of Python', [0x80, 4, 0x95, 17, 0]],
  ['text in UTF-32', [0xff, 0xfe, 0, 0, 0x30, 0, 0, 0]],
  ['text in UTF-32', [0, 0, 0xfe, 0xff, 0, 0, 0, 0x30]],
  ['text in UTF-32', [0x30, 0, 0, 0, 0x20, 0, 0, 0]],
  ['text in UTF-32', [0, 0, 0, 0x30, 0, 0, 0, 0x20]],
])('%s is no text, and what it is is said', (what, bytes) => {
  expect(() => decode(Uint8Array.from(bytes))).toThrow(LogError);
  expect(() => decode(Uint8Array.from(bytes))).toThrow(
    `log is no text in UTF-8 or UTF-16, but ${what}`,
  );
});

test('nor is what has a NUL in it, whose place is said', () => {
  expect(() => decode(Buffer.from('0 0\n1 0\n\0\0\0\0'))).toThrow(
    'log, line 3, column 1: found a NUL, and so this is no text',
  );
  expect(() => decode(new Uint8Array(8))).toThrow('log, line 1, column 1: found a NUL');
});

import { describe, expect, test } from '@jest/globals';
import {
  decimalFrom,
  integerFrom,
  intervalUpTo,
  listOf,
  parseZones,
} from '../../../cli/shell/parse-values.ts';

describe('values on the command line', () => {
  test('numbers are whole, in range, and nothing but digits', () => {
    const parse = integerFrom(2, 32);
    expect(parse('2')).toBe(2);
    expect(parse('032')).toBe(32);
    for (const wrong of ['1', '33', '', ' 4', '4.0', '-4', '0x10', '1e1', '4 peers', 'NaN']) {
      expect(() => parse(wrong)).toThrow('Allowed: a whole number from 2 to 32.');
    }
  });

  test('shares are decimal', () => {
    const parse = decimalFrom(0, 0.5);
    expect(parse('0.25')).toBe(0.25);
    expect(parse('0')).toBe(0);
    for (const wrong of ['0.51', '.5', '50%', '-0.1', '']) expect(() => parse(wrong)).toThrow();
  });

  test('an interval is MIN-MAX or one number', () => {
    const parse = intervalUpTo(60_000);
    expect(parse('10-99')).toEqual({ min: 10, max: 99 });
    expect(parse('5')).toEqual({ min: 5, max: 5 });
    for (const wrong of ['99-10', '10-', '-10', '10-60001', 'a-b', '1-2-3']) {
      expect(() => parse(wrong)).toThrow('0 <= MIN <= MAX <= 60000');
    }
  });

  test('a list has each value once, and each by the rule of one', () => {
    const parse = listOf(integerFrom(2, 32));
    expect(parse('2, 3,8')).toEqual([2, 3, 8]);
    expect(() => parse('2,3,2')).toThrow('"2" is there twice.');
    expect(() => parse('2,,3')).toThrow('Allowed: a whole number from 2 to 32.');
    expect(() => parse(Array.from({ length: 65 }, (_, each) => each).join())).toThrow('at most 64');
  });

  test('zones name the one that is wrong', () => {
    expect(parseZones('us-west1-b, me-west1-a')).toEqual(['us-west1-b', 'me-west1-a']);
    expect(() => parseZones('us-west1-b,us-west1')).toThrow('"us-west1" is no zone');
    expect(() => parseZones('')).toThrow('"" is no zone');
    const long = (letters: number): string => `us-${'w'.repeat(letters)}1-b`;
    expect(parseZones(long(57))).toEqual([long(57)]);
    expect(() => parseZones(long(58))).toThrow('is no zone');
  });
});

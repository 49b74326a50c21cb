import { describe, expect, test } from '@jest/globals';
import { readMessages } from './written-logs.ts';

describe('a cell in quotes', () => {
  test('may hold line feeds, behind which lines are counted as in the file', () => {
    const text = 'sender,seq,text\n0,0,"hello\nworld ""x"""\n1,0,"a\r\n\r\n# b"\n2,0,c\n';
    expect(readMessages(text)).toEqual([
      ['0', 0],
      ['1', 0],
      ['2', 0],
    ]);
    expect(readMessages(`${text}2,x,"a\nb"\n`.replaceAll('2,x', '2,1'))).toHaveLength(4);
    expect(() => readMessages(`${text}2,x,"a\nb"\n`)).toThrow('log, line 8, column 3: found "x"');
  });

  test.each([
    [
      'sender,seq,text\n0,0,"a\n1,0,b\n',
      'line 2, column 5: a quote begins here that is never closed',
    ],
    ['sender,seq,text\n0,0,"a\n1,0,b"\n', 'line 3, column 1: a cell in quotes that began before'],
    ['sender,seq,text\n0,0,"a\n1,0,"b"\n', 'line 3, column 6: found "b"; allowed is commas'],
  ])('that nobody closed swallows no message: %j', (text, message) => {
    expect(() => readMessages(text)).toThrow(message);
  });
});

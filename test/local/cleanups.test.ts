import { describe, expect, test } from '@jest/globals';
import { Cleanups } from '../../local/cleanups.ts';
import { toDecimal } from '../../local/laboratory-processes.ts';

describe('cleaning up', () => {
  test('goes backwards, past a step that fails and one that never ends, and names both', async () => {
    const notes: string[] = [];
    const done: string[] = [];
    const cleanups = new Cleanups((note) => notes.push(note), 50);
    cleanups.push('the first', () => void done.push('first'));
    cleanups.push('the stuck', () => new Promise<void>(() => undefined));
    cleanups.push('the broken', () => Promise.reject(new Error('no more')));
    cleanups.push('the last', () => void done.push('last'));
    await cleanups.run();
    expect(done).toEqual(['last', 'first']);
    expect(notes).toEqual([
      'while stopping the broken: Error: no more',
      'the stuck did not stop within 0.05 s',
    ]);
  });
});

describe('a share for the environment of a process', () => {
  test.each([
    [0, '0'],
    [0.2, '0.2'],
    [0.0000001, '0.0000001'],
    [1e-9, '0.000000001'],
  ])('%d is written %s, in digits alone', (share, text) => {
    expect(toDecimal(share)).toBe(text);
  });
});

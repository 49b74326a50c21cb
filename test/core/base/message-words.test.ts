import { describe, expect, test } from '@jest/globals';
import { MessageWords } from '../../../core/base/message-words.ts';

const LAST_WORD = 2 ** 32 - 1;

function wordsOf(seed: number, sender: number, sequence: number, count = 4): number[] {
  const words = new MessageWords(seed);
  words.restart(sender, sequence);
  return Array.from({ length: count }, (_, index) => words.at(index));
}

describe('the words of a message', () => {
  test('are the same each time, whatever was drawn before', () => {
    const words = new MessageWords(3);
    words.restart(8, 1);
    words.at(5);
    words.restart(1, 2);
    expect([words.at(1), words.at(0), words.at(1)]).toEqual([
      wordsOf(3, 1, 2)[1],
      wordsOf(3, 1, 2)[0],
      wordsOf(3, 1, 2)[1],
    ]);
  });

  test('differ by seed, sender, sequence and index', () => {
    const numbers = [0, 1, 2, 31, 1_000_000, LAST_WORD];
    const seen = new Set<string>();
    for (const seed of numbers) {
      for (const sender of numbers) {
        for (const sequence of numbers) seen.add(wordsOf(seed, sender, sequence).join());
      }
    }
    expect(seen.size).toBe(numbers.length ** 3);
    expect(new Set(wordsOf(7, 1, 1, 1_000)).size).toBe(1_000);
  });

  test('are as often odd as even at every bit, and no bit follows another message', () => {
    // 4,096 words: a fair bit is set 2,048 times, and within 5 standard deviations (32) of it.
    const ones = Array.from({ length: 32 }, () => 0);
    const changes = Array.from({ length: 32 }, () => 0);
    for (let sequence = 0; sequence < 1_024; sequence += 1) {
      const [before, after] = [wordsOf(9, 0, sequence), wordsOf(9, 0, sequence + 1)];
      for (const [index, word] of before.entries()) {
        for (let bit = 0; bit < 32; bit += 1) {
          ones[bit]! += (word >>> bit) & 1;
          changes[bit]! += ((word ^ after[index]!) >>> bit) & 1;
        }
      }
    }
    for (const count of [...ones, ...changes]) expect(Math.abs(count - 2_048)).toBeLessThan(160);
  });
});

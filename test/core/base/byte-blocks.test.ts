import { describe, expect, test } from '@jest/globals';
import { ByteBlocks } from '../../../core/base/byte-blocks.ts';

describe('bytes that are cut from blocks', () => {
  test('are zero, and nobody else has them', () => {
    const blocks = new ByteBlocks();
    const sizes = Array.from({ length: 500 }, (_, index) => (index * 37) % 1_500);
    const all = sizes.map((size, index) => {
      const taken = blocks.take(size);
      expect(taken).toHaveLength(size);
      expect(taken.every((byte) => byte === 0)).toBe(true);
      return taken.fill(index & 0xff);
    });
    for (const [index, taken] of all.entries()) {
      expect(taken.every((byte) => byte === (index & 0xff))).toBe(true);
    }
  });

  test('share memory, unless they are long', () => {
    const blocks = new ByteBlocks();
    expect(blocks.take(10).buffer).toBe(blocks.take(1_000).buffer);
    expect(blocks.take(30_000).buffer.byteLength).toBe(30_000);
  });
});

import { describe, expect, test } from '@jest/globals';
import { parseShard, seedsOfShard, shardOf } from '../../../cli/check/check-shard.ts';

describe('shards', () => {
  test('cover all seeds once', () => {
    const shards = Array.from({ length: 7 }, (_, i) =>
      seedsOfShard(100, 45, { index: i + 1, count: 7 }),
    );
    let next = 100;
    for (const { first, count } of shards) {
      expect(first).toBe(next);
      expect([6, 7]).toContain(count);
      next += count;
    }
    expect(next).toBe(145);
  });

  test('come from an option or the environment, or are refused', () => {
    expect(parseShard('2/8')).toEqual({ index: 2, count: 8 });
    expect(() => parseShard('0/8')).toThrow(/1 <= i <= n/);
    expect(shardOf({})).toBeNull();
    expect(shardOf({ CLOUD_RUN_TASK_INDEX: '0', CLOUD_RUN_TASK_COUNT: '4' })).toEqual({
      index: 1,
      count: 4,
    });
    expect(() => shardOf({ CLOUD_RUN_TASK_INDEX: '4', CLOUD_RUN_TASK_COUNT: '4' })).toThrow(
      /name no part/,
    );
  });
});

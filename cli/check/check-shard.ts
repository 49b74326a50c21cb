import { InvalidArgumentError } from 'commander';
import { Failure } from '../shell/failure.ts';

/** The `index`-th of `count` parts, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

const SHARDS_MAX = 10_000;

/** Parses i/n for commander. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const [index, count] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if (index >= 1 && index <= count && count <= SHARDS_MAX) return { index, count };
  throw new InvalidArgumentError(`Allowed: i/n with 1 <= i <= n <= ${SHARDS_MAX}, such as 1/4.`);
}

/** The part that a task of a Cloud Run job has; its tasks count from 0. `null` outside a job. */
export function shardOf(environment: Readonly<Record<string, string | undefined>>): Shard | null {
  const [index, count] = [environment['CLOUD_RUN_TASK_INDEX'], environment['CLOUD_RUN_TASK_COUNT']];
  if (index === undefined || count === undefined) return null;
  const shard = { index: Number(index) + 1, count: Number(count) };
  if (Number.isInteger(shard.index) && shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new Failure(
    `CLOUD_RUN_TASK_INDEX=${index} and CLOUD_RUN_TASK_COUNT=${count} name no part; ` +
      'allowed: an index from 0 to the count less 1',
  );
}

/** The seeds of a part: the parts are next to each other, and differ in length by 1 at most. */
export function seedsOfShard(
  from: number,
  seeds: number,
  { index, count }: Shard,
): { first: number; count: number } {
  const begin = Math.floor((seeds * (index - 1)) / count);
  const end = Math.floor((seeds * index) / count);
  return { first: from + begin, count: end - begin };
}

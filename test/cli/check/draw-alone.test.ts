import { expect, test } from '@jest/globals';
import { drawAlone, type PoolOptions } from '../../../cli/check/check-pool.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { type CheckOptions, scheduleSourceFor } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';

test.each(['random', 'coverage'] as const)(
  'the schedules of seeds are those that a check runs, under %s',
  async (kind) => {
    const options: CheckOptions = { peersMax: 4, faults: FAULT_CHOICES, strategy: { kind } };
    const pool: PoolOptions = {
      source: { ordering: 'fifo' },
      options,
      workers: 1,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    const source = scheduleSourceFor(ORDERINGS.get('fifo')!, options);
    const seeds = [259, 260, 261];
    const drawn = seeds.map((seed) => source.next(seed).drawn);
    expect(await drawAlone(pool, seeds[0]!, seeds.length)).toEqual(drawn);
    expect(await drawAlone(pool, 261)).toEqual(drawn.slice(2));
  },
);

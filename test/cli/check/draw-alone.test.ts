import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { drawAlone, performAlone, type PoolOptions } from '../../../cli/check/check-pool.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { type CheckOptions, scheduleSourceFor } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { smallScenario } from '../../../simulation/check/small-scenario.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();

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

test('a schedule that is run alone has the file loaded twice for each of its peers, as a replay has', async () => {
  const file = join(directory, 'counts.mjs');
  writeFileSync(
    file,
    `globalThis.loads = (globalThis.loads ?? 0) + 1;
    export const create = () => ({
      deadline: Infinity, held: 0, advance() {}, receive() {},
      multicast() { throw new Error('loaded ' + globalThis.loads + ' times'); },
    });
    export const guarantees = ['integrity'];`,
  );
  const pool: PoolOptions = {
    source: { ordering: file },
    options: { peersMax: 8, faults: [] },
    workers: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  const scenario = smallScenario(1);
  const task = { task: 'try', before: [], scenario } as const;
  const textOf = async (more: Partial<PoolOptions>): Promise<string> =>
    (await performAlone({ ...pool, ...more }, task)).findings[0]!.text;
  expect(await textOf({})).toContain(`loaded ${2 * scenario.peers} times`);
  expect(await textOf({ members: 3 })).toContain('loaded 6 times');
  expect(await textOf({ shared: true })).toContain('loaded 1 times');
});

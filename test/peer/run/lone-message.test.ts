import { expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { RunGroup } from '../../../bench/virtual-group/run-group.ts';

/** How long own messages took that were multicast alone, with packs and without, in virtual time. */
async function latenciesOf(name: string, isPacked: boolean) {
  const entry = ORDERINGS.get(name)!;
  const create = isPacked ? entry.create : (entry.createUnpacked ?? entry.create);
  const { reports } = await new RunGroup({
    entry: { ...entry, create },
    peers: 4,
    messages: 10,
    intervalMs: { min: 400, max: 900 },
    seed: 3,
  }).run();
  return reports.map((report) => report!.counters.ownLatencyMs);
}

test.each([...ORDERINGS.keys()])(
  '%s delays a lone message by nothing for its packs',
  async (name) => {
    expect(await latenciesOf(name, true)).toEqual(await latenciesOf(name, false));
  },
);

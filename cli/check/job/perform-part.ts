import type { Store } from '../../../control/ports.ts';
import { checkSeeds } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { parseStrategy } from '../../../simulation/check/strategy/strategy.ts';
import { openOrdering } from '../../ordering/ordering-source.ts';
import { seedsOfShard, type Shard } from '../check-shard.ts';
import { type CheckJob, type CheckPart, partPath } from './check-part.ts';

/**
 * Does one part of a check, and writes down what it found; gives what it did. A part that is there already, as
 * when a task is retried after it was killed between its write and its end, is left alone.
 */
export async function performPart(
  store: Store,
  job: CheckJob,
  shard: Shard,
): Promise<'done' | 'was done'> {
  const path = partPath(job.checkId, shard.index);
  if ((await store.read(path)) !== undefined) return 'was done';
  const entry = await openOrdering({ ordering: job.ordering });
  const { first, count } = seedsOfShard(job.from, job.seeds, shard);
  const faults = FAULT_CHOICES.filter((kind) => job.faults.includes(kind));
  const { seeds, failing, faultsHappened, judged, large } = checkSeeds(entry, first, count, {
    peersMax: job.peersMax,
    peersLargeMax: job.peersLargeMax,
    faults,
    strategy: parseStrategy(job.strategy),
  });
  const [finding] = failing?.findings ?? [];
  const part: CheckPart = {
    ...job,
    ...shard,
    checked: seeds,
    faultsHappened,
    judged,
    large,
    failing:
      failing === null
        ? null
        : { seed: failing.seed, broke: finding!.name, text: finding!.text.slice(0, 2_000) },
  };
  return (await store.create(path, part)) ? 'done' : 'was done';
}

import { describe, expect, test } from '@jest/globals';
import { compareDeliveries } from '../../core/judge/comparison.ts';
import { GUARANTEE_NAMES, type GuaranteeName } from '../../core/guarantees.ts';
import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { CHECK_OPTIONS } from '../../simulation/check/check-scenario.ts';
import { drawOptionsFor } from '../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../simulation/check/draw-options.ts';
import { drawScenario } from '../../simulation/check/draw-scenario.ts';
import { simulate } from '../../simulation/simulate.ts';
import { peerLogOf } from '../../simulation/peer-log.ts';

/** How many schedules are tried: the rarest break takes some 400 schedules of `mpcomm check`. */
const SEEDS_MAX = 2_000;

describe.each([...ORDERINGS.values()])('$name', (entry) => {
  test('declares every guarantee that no schedule breaks', () => {
    const unbroken = new Set(GUARANTEE_NAMES.filter((name) => !entry.guarantees.includes(name)));
    for (let seed = 0; seed < SEEDS_MAX && unbroken.size > 0; seed += 1) {
      for (const name of brokenBy(entry, seed)) unbroken.delete(name);
    }
    expect([...unbroken]).toEqual([]);
  });
});

/** What the schedule of `seed` breaks, declared or not. */
function brokenBy(entry: OrderingEntry, seed: number): GuaranteeName[] {
  const options = drawOptionsFor(entry, { peersMax: 8, faults: FAULT_CHOICES });
  const scenario = drawScenario(seed, options);
  const { members } = simulate(entry.create, scenario, null, CHECK_OPTIONS);
  const logs = members.map((member) => peerLogOf(member, false));
  const { guarantees } = compareDeliveries(logs, scenario.messages);
  return GUARANTEE_NAMES.filter((name) => guarantees[name].held === false);
}

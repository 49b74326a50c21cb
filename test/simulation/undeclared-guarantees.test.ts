import { describe, expect, test } from '@jest/globals';
import { compareDeliveries } from '../../core/judge/comparison.ts';
import { GUARANTEE_NAMES } from '../../core/guarantees.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { CHECK_OPTIONS } from '../../simulation/check/check-scenario.ts';
import { drawOptionsFor } from '../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../simulation/check/draw-options.ts';
import { drawScenario } from '../../simulation/check/draw-scenario.ts';
import { simulate } from '../../simulation/simulate.ts';

/** For each guarantee that an ordering does not declare, a seed of `mpcomm check` that breaks it. */
const BROKEN_BY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  unordered: {
    agreement: 1,
    uniformAgreement: 1,
    fifo: 1,
    causal: 1,
    total: 0,
    uniformTotal: 0,
    gapFree: 0,
  },
  fifo: { uniformAgreement: 1, causal: 1, total: 0, uniformTotal: 0, gapFree: 0 },
  causal: { uniformAgreement: 1, total: 0, uniformTotal: 0, gapFree: 0 },
  lamport: { uniformAgreement: 1 },
  'sequencer-fast': { uniformAgreement: 2, uniformTotal: 2, gapFree: 2 },
  skeen: { uniformTotal: 389, gapFree: 95 },
};

describe.each([...ORDERINGS.values()])('$name', (entry) => {
  const seeds = BROKEN_BY[entry.name] ?? {};

  test('has a seed for each guarantee that it does not declare, and for no other', () => {
    const undeclared = GUARANTEE_NAMES.filter((name) => !entry.guarantees.includes(name));
    expect(Object.keys(seeds)).toEqual(undeclared);
  });

  for (const [name, seed] of Object.entries(seeds)) {
    test(`does not promise ${name}: seed ${seed} breaks it`, () => {
      const options = drawOptionsFor(entry, { peersMax: 8, faults: FAULT_CHOICES });
      const scenario = drawScenario(seed, options);
      const { members } = simulate(entry.create, scenario, null, CHECK_OPTIONS);
      const logs = members.map(({ sequence, crashed }) => ({
        sequence,
        multicasts: sequence.multicasts,
        multicastsNoted: true,
        correct: !crashed,
        reportPlace: null,
      }));
      const { guarantees } = compareDeliveries(logs, scenario.messages);
      expect(guarantees[name as keyof typeof guarantees].held).toBe(false);
    });
  }
});

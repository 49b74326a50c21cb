import { describe, expect, test } from '@jest/globals';
import { isLarge } from '../../../simulation/check/draw-large.ts';
import { type DrawOptions, FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import { validateScenario } from '../../../simulation/run/validate-scenario.ts';
import type { Scenario } from '../../../simulation/scenario.ts';

const ALL: DrawOptions = {
  peersMax: 8,
  peersLargeMax: 16,
  faults: new Set(FAULT_CHOICES),
  minorityOnly: false,
};
const FIRST_SEEDS = Array.from({ length: 64 }, (_, seed) => seed);

function largeOnes(options: DrawOptions, seeds: readonly number[] = FIRST_SEEDS): Scenario[] {
  return seeds.filter((seed) => isLarge(seed, options)).map((seed) => drawScenario(seed, options));
}

const totalOf = ({ peers, messages }: Scenario): number => peers * messages;
const lengthUs = ({ messages, intervalUs }: Scenario): number => messages * intervalUs.min;

describe('the large schedules among the first few dozen seeds', () => {
  const large = largeOnes(ALL);
  const moderate = largeOnes({ ...ALL, moderate: true });

  const CALM = { loss: 0, repetition: 0, reordering: 0 };

  test('have members without faults, and can be run', () => {
    for (const scenario of [...large, ...moderate]) {
      expect(() => validateScenario(scenario)).not.toThrow();
      expect(scenario.faults).toEqual([]);
    }
  });

  test('have a calm network but for one, which loses and repeats what the check draws', () => {
    for (const scenarios of [large, moderate]) {
      const troubled = scenarios.filter(({ network }) => network.loss > 0);
      expect(troubled).toHaveLength(1);
      expect(troubled[0]!.network).toMatchObject({ repetition: 0.2, reordering: 0.2 });
      const calm = scenarios.filter((each) => !troubled.includes(each));
      for (const { network } of calm) expect(network).toMatchObject(CALM);
    }
    const spared = largeOnes({ ...ALL, faults: new Set(['loss']) });
    expect(spared.some(({ network }) => network.repetition > 0)).toBe(false);
  });

  test('reach beyond one byte and two, in places and in the numbers of one sender', () => {
    expect(large.some((each) => totalOf(each) > 256 && totalOf(each) < 2_000)).toBe(true);
    expect(large.some((each) => each.messages > 65_536)).toBe(true);
    expect(moderate.some((each) => totalOf(each) > 256)).toBe(true);
    expect(moderate.some(({ messages }) => messages > 256)).toBe(true);
  });

  test('have members and messages of two digits, which meet where names have no separator', () => {
    for (const scenarios of [large, moderate]) {
      expect(scenarios.some(({ peers, messages }) => peers > 11 && messages > 11)).toBe(true);
    }
  });

  test('have everything under way at once, last for minutes, and carry as much as can be', () => {
    for (const scenarios of [large, moderate]) {
      const bursts = scenarios.filter(({ intervalUs }) => intervalUs.max === 0);
      expect(bursts.some(({ messages }) => messages > 256)).toBe(true);
      expect(scenarios.some(({ payloadBytes }) => payloadBytes === 1_000)).toBe(true);
    }
    expect(large.some((each) => lengthUs(each) > 50_000_000)).toBe(true);
  });

  test('are hundreds of messages, or once a thousand, for whoever is slow', () => {
    const sizes = moderate.map(totalOf).sort((a, b) => a - b);
    expect(sizes.at(-1)).toBe(1_040);
    for (const size of sizes.slice(0, -1)) expect(size).toBeLessThanOrEqual(600);
  });

  test('come again every thousand seeds, without the largest', () => {
    const later = largeOnes(
      ALL,
      FIRST_SEEDS.map((seed) => seed + 2_048),
    );
    expect(later).toHaveLength(large.length - 1);
    for (const each of later) expect(totalOf(each)).toBeLessThan(5_000);
  });

  test('have no more peers than are asked for', () => {
    for (const { peers } of largeOnes({ ...ALL, peersLargeMax: 3 })) {
      expect(peers).toBeLessThanOrEqual(3);
    }
  });
});

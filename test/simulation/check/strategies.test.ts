import { describe, expect, test } from '@jest/globals';
import { Message } from '../../../core/message.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { type CheckOptions, checkSeeds } from '../../../simulation/check/check-seeds.ts';
import {
  CAMPAIGN_SEEDS,
  CoverageCampaign,
} from '../../../simulation/check/strategy/coverage-campaign.ts';
import { CoverageObserver } from '../../../simulation/check/strategy/coverage-observer.ts';
import { FAULT_CHOICES, minorityOf } from '../../../simulation/check/draw-options.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import { mutateScenario } from '../../../simulation/check/strategy/mutate-scenario.ts';
import { ScheduleSource } from '../../../simulation/check/strategy/schedule-source.ts';
import { formatStrategy, parseStrategy } from '../../../simulation/check/strategy/strategy.ts';
import { createDelays } from '../../../simulation/run/delays.ts';
import { validateScenario } from '../../../simulation/run/validate-scenario.ts';
import type { Scenario } from '../../../simulation/scenario.ts';
import { createStream, Stream } from '../../../core/base/random-streams.ts';

const DRAWN = { peersMax: 5, faults: new Set(FAULT_CHOICES), minorityOnly: true };
const UNORDERED = ORDERINGS.get('unordered')!;
/** Beyond the large schedules of the first thousand seeds. */
const FIRST = 256;

describe('strategies', () => {
  test('are named as they are written, and others are refused with what is allowed', () => {
    for (const text of ['random', 'pct:1', 'pct:20', 'coverage']) {
      expect(formatStrategy(parseStrategy(text))).toBe(text);
    }
    for (const text of ['', 'pct', 'pct:0', 'pct:21', 'pct:-1', 'pct:2.5', 'Random']) {
      expect(() => parseStrategy(text)).toThrow(/allowed: random, pct:D with a depth D of 1 to 20/);
    }
  });
});

describe('priorities', () => {
  const delay = { kind: 'priorities', minUs: 100, maxUs: 6_400, changes: [1, 1, 3] } as const;

  test('give every path a delay of its own, and packets of changes come after all others', () => {
    const delays = createDelays(delay, 3, 7);
    const paths = [
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 2],
      [2, 0],
      [2, 1],
    ] as const;
    const first = paths.map(([from, to]) => delays.next(from, to));
    const second = paths.map(([from, to]) => delays.next(from, to));
    // Two changes with one packet are two steps down.
    expect([first[1], first[3]]).toEqual([6_400 * 3, 6_400 * 4]);
    const steady = second.filter((_, path) => path !== 1 && path !== 3);
    expect(first.filter((_, path) => path !== 1 && path !== 3)).toEqual(steady);
    expect(second.toSorted((a, b) => a - b)).toEqual([100, 230, 528, 1_213, 2_786, 6_400]);
  });

  test('are the whole numbers that sixty decimal digits give', () => {
    const delays = createDelays({ ...delay, maxUs: 487_000, changes: [] }, 4, 7);
    const delaysUs: number[] = [];
    for (let path = 0; path < 16; path += 1) {
      if (path % 5 !== 0) delaysUs.push(delays.next(path >> 2, path & 3));
    }
    expect(delaysUs.sort((a, b) => a - b)).toEqual([
      100, 216, 468, 1_013, 2_192, 4_744, 10_265, 22_213, 48_066, 104_009, 225_060, 487_000,
    ]);
  });

  test('are drawn with one change fewer than the depth, ascending, and can be simulated', () => {
    const source = new ScheduleSource(UNORDERED, DRAWN, { kind: 'pct', depth: 4 });
    for (let seed = FIRST; seed < FIRST + 100; seed += 1) {
      const { drawn } = source.next(seed);
      expect(() => validateScenario(drawn)).not.toThrow();
      if (seed % 16 === 0) expect(drawn).toEqual(drawScenario(seed, DRAWN));
      else
        expect(drawn.network.delay).toMatchObject({ kind: 'priorities', changes: { length: 3 } });
      expect(source.next(seed).drawn).toEqual(drawn);
    }
  });
});

describe('coverage', () => {
  test('tells states apart by kind, member, how many messages are held, and view', () => {
    const statesOf = (arrivals: readonly (readonly [number, Message])[]): number => {
      const observer = new CoverageObserver(2);
      for (const [to, message] of arrivals) observer.arrive(0, 0, to, message);
      return observer.states.size;
    };
    const data = (sequence: number): Message => new Message(1, 0, sequence);
    expect(statesOf([[0, data(0)]])).toBe(1);
    // The second finds one held; at another member nothing is.
    expect(
      statesOf([
        [0, data(0)],
        [0, data(1)],
        [1, data(0)],
      ]),
    ).toBe(3);
    // Another kind, which is not held.
    expect(
      statesOf([
        [0, new Message(3, 0, 0)],
        [0, new Message(3, 0, 0)],
        [0, data(0)],
      ]),
    ).toBe(2);
    const observer = new CoverageObserver(2);
    observer.arrive(0, 0, 1, data(0));
    observer.deliver(0, 1, data(0));
    observer.arrive(0, 0, 1, data(1));
    expect(observer.states.size).toBe(1);
  });

  test('changes what reached something new, and nothing else', () => {
    const campaign = new CoverageCampaign(DRAWN);
    const kept = { ...drawScenario(FIRST + 1, DRAWN), messages: 777, payloadBytes: 0 };
    const isOfKept = (seed: number): boolean => campaign.draw(seed).messages === 777;
    campaign.learn(FIRST + 1, kept, new Set([1]));
    const seeds = Array.from({ length: 64 }, (_, index) => FIRST + 2 + index);
    const changed = seeds.filter(isOfKept).length;
    expect(changed).toBeGreaterThan(20);
    expect(changed).toBeLessThan(64);
    const other: Scenario = { ...kept, messages: 778 };
    campaign.learn(FIRST + 2, other, new Set([1]));
    expect(seeds.some((seed) => campaign.draw(seed).messages === 778)).toBe(false);
  });

  test('mutants can be simulated, and no more members crash than were drawn', () => {
    const random = createStream(1, Stream.schedules, 9);
    for (let seed = 1; seed <= 60; seed += 1) {
      let scenario = drawScenario(seed, DRAWN);
      for (let time = 0; time < 10; time += 1) {
        scenario = mutateScenario(scenario, random, DRAWN);
        expect(() => validateScenario(scenario)).not.toThrow();
      }
      const crashes = scenario.faults.filter(({ kind }) => kind === 'crash').length;
      expect(crashes).toBeLessThanOrEqual(minorityOf(scenario.peers));
    }
  });

  test('means the same by a seed wherever a check begins', () => {
    const whole = new ScheduleSource(UNORDERED, DRAWN, { kind: 'coverage' });
    const last = FIRST + 40;
    let at = whole.next(FIRST);
    for (let seed = FIRST; seed <= last; seed += 1) at = whole.next(seed);
    const earlier: number[] = [];
    const onEarlier = (seed: number) => void earlier.push(seed);
    const alone = new ScheduleSource(UNORDERED, DRAWN, { kind: 'coverage' }).next(last, {
      onEarlier,
    });
    // Whoever watches knows which of them it is that does not come back.
    expect(earlier).toEqual(Array.from({ length: last - FIRST }, (_, place) => FIRST + place));
    expect(alone.drawn).toEqual(at.drawn);
    expect(alone.drawn).not.toEqual(drawScenario(last, DRAWN));
    expect(FIRST % CAMPAIGN_SEEDS).toBe(0);
  });
});

/** Delivers a message twice that comes when `count` later ones of its sender have. */
function overtaken(count: number): OrderingEntry {
  return {
    ...UNORDERED,
    name: 'overtaken',
    guarantees: ['integrity'],
    create: (_group, out) => {
      const seen: Message[] = [];
      return {
        deadline: Infinity,
        held: 0,
        multicast: (_now, message) => (out.multicast(message), out.deliver(message)),
        receive: (_now, _from, message) => {
          const later = seen.filter(
            ({ sender, sequence }) => sender === message.sender && sequence > message.sequence,
          );
          seen.push(message);
          out.deliver(message);
          if (later.length === count) out.deliver(message);
        },
        advance: () => undefined,
      };
    },
  };
}

test.each(['random', 'pct:3', 'coverage'])('%s finds what is broken, at the same seed', (name) => {
  const options: CheckOptions = {
    peersMax: 5,
    faults: FAULT_CHOICES,
    strategy: parseStrategy(name),
  };
  const found = checkSeeds(overtaken(4), FIRST, 200, options).failing;
  expect(found?.findings[0]?.name).toBe('integrity');
  // By itself, the seed stands for the same schedule.
  const again = checkSeeds(overtaken(4), found!.seed, 1, options).failing;
  expect(again?.scenario).toEqual(found!.scenario);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '../../../core/message.ts';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { ExclusionError } from '../../../core/views/view.ts';
import { validateScenario } from '../../../simulation/run/validate-scenario.ts';
import { checkScenario } from '../../../simulation/check/check-scenario.ts';
import { addFaults, checkSeeds, noFaults } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES, minorityOf } from '../../../simulation/check/draw-options.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import { shrink, withoutMember } from '../../../simulation/check/shrink.ts';
import { tellStory } from '../../../simulation/check/story.ts';
import { calmNetwork, type Scenario } from '../../../simulation/scenario.ts';

const UNORDERED = ORDERINGS.get('unordered')!;
const ALL = { peersMax: 8, faults: new Set(FAULT_CHOICES), minorityOnly: true };
const CALM: Scenario = {
  peers: 3,
  messages: 2,
  payloadBytes: 0,
  intervalUs: { min: 0, max: 0 },
  seed: 1,
  network: calmNetwork({ kind: 'uniform', minUs: 1_000, maxUs: 50_000 }),
  faults: [],
  endUs: 60_000_000,
};

function declaring(guarantees: OrderingEntry['guarantees'], retransmits = false): OrderingEntry {
  return { ...UNORDERED, guarantees, retransmits };
}

describe('drawn scenarios', () => {
  test('are the same for the same seed, and never more than the simulator allows', () => {
    const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(seeds, (seed) => {
        const scenario = drawScenario(seed, ALL);
        expect(() => validateScenario(scenario)).not.toThrow();
        expect(drawScenario(seed, ALL)).toEqual(scenario);
        const crashes = scenario.faults.filter(({ kind }) => kind === 'crash').length;
        expect(crashes).toBeLessThanOrEqual(minorityOf(scenario.peers));
      }),
    );
  });

  test('have every fault that was asked for, in a few hundred, and no other', () => {
    const fifo = ORDERINGS.get('fifo')!;
    const { faultsHappened } = checkSeeds(fifo, 0, 300, { peersMax: 6, faults: FAULT_CHOICES });
    for (const [kind, times] of Object.entries(faultsHappened)) {
      expect([kind, times > 0]).toEqual([kind, true]);
    }
    const none = checkSeeds(fifo, 0, 300, { peersMax: 6, faults: [] });
    const { crash, pause, partition, clog, clockSkew, loss, repetition } = none.faultsHappened;
    expect([crash, pause, partition, clog, clockSkew, loss, repetition]).toEqual(
      new Array<number>(7).fill(0),
    );
  });

  test('counts add up', () => {
    const sum = noFaults();
    addFaults(sum, { ...noFaults(), loss: 2, crash: 1 });
    addFaults(sum, { ...noFaults(), loss: 3 });
    expect(sum).toEqual({ ...noFaults(), loss: 5, crash: 1 });
  });
});

describe('the judgement', () => {
  test('names the declared guarantee that broke, and no other', () => {
    const { findings } = checkScenario(declaring(['total', 'integrity']), CALM);
    expect(findings.map(({ name }) => name)).toEqual(['total']);
    expect(checkScenario(declaring(['integrity']), CALM).findings).toEqual([]);
  });

  test('asks for liveness only of what sends again', () => {
    const lossy = { ...CALM, messages: 20, network: { ...CALM.network, loss: 0.3 } };
    const names = (entry: OrderingEntry) =>
      checkScenario(entry, lossy).findings.map(({ name }) => name);
    expect(names(declaring(['validity'], true))).toEqual(['liveness']);
    expect(names(declaring(['integrity'], true))).toEqual(['liveness']);
    expect(names(declaring(['validity']))).toEqual([]);
    expect(names(declaring(['agreement']))).toEqual(['agreement']);
  });

  test('excuses what a crash may break of an ordering that survives none', () => {
    const faults = [{ kind: 'crash', member: 0, atUs: 0, afterSends: 1 }] as const;
    const crashing = { ...CALM, faults };
    expect(checkScenario(declaring(['agreement', 'uniformAgreement']), crashing).findings).toEqual(
      [],
    );
    const brave = { ...declaring(['uniformAgreement']), survives: 'minority' as const };
    expect(checkScenario(brave, crashing).findings[0]?.name).toBe('uniformAgreement');
  });

  test('reports an ordering that throws, but not one that leaves because it was excluded', () => {
    const throwing = (error: Error): OrderingEntry => ({
      ...declaring(['integrity']),
      create: (group, out) => ({
        ...UNORDERED.create(group, out),
        deadline: Infinity,
        held: 0,
        advance: () => undefined,
        multicast: () => undefined,
        receive: () => undefined,
        ...(group.self === 1 && {
          multicast: () => {
            throw error;
          },
        }),
      }),
    });
    const [finding] = checkScenario(throwing(new Error('no such entry')), CALM).findings;
    expect(finding?.name).toBe('failed');
    expect(finding?.text).toMatch(/^the ordering of peer 1 threw at 0\.000 ms: .*no such entry$/);
    const excluded = throwing(new ExclusionError('excluded'));
    expect(checkScenario(excluded, CALM).findings).toEqual([]);
  });

  test('reports members that are excluded where nobody was away, and more of them than a minority', () => {
    const excluding = (peers: readonly number[]): OrderingEntry => ({
      ...declaring(['integrity']),
      create: (group, out) => {
        const ordering = UNORDERED.createUnpacked!(group, out);
        if (!peers.includes(group.self)) return ordering;
        ordering.multicast = () => {
          throw new ExclusionError('excluded');
        };
        return ordering;
      },
    });
    const textOf = (peers: readonly number[], scenario: Scenario): string | undefined => {
      const [finding] = checkScenario(excluding(peers), scenario).findings;
      return finding?.name === 'excluded' ? finding.text : undefined;
    };
    const near: Scenario = {
      ...CALM,
      network: { ...CALM.network, delay: { kind: 'constant', us: 1_000 } },
    };
    expect(textOf([1], near)).toMatch(/^peer 1 stopped .* in which nobody was away/);
    expect(textOf([1], CALM)).toBeUndefined();
    expect(textOf([0, 2], CALM)).toMatch(/^peers 0, 2 stopped .* of 3 peers, .* at most 1 can be/);
    // One of the two that are missing crashed: the other was excluded by a majority before.
    const crash = { kind: 'crash', member: 0, atUs: 1 } as const;
    expect(textOf([1], { ...CALM, faults: [crash] })).toBeUndefined();
  });

  test('reports an ordering that never calms down', () => {
    const restless: OrderingEntry = {
      ...declaring(['integrity']),
      create: (_group, out) => {
        const ordering = {
          deadline: 0,
          held: 0,
          multicast: (_now: number, message: Message) => out.deliver(message),
          receive: () => undefined,
          advance: (now: number) => void (ordering.deadline = now + 1),
        };
        return ordering;
      },
    };
    expect(checkScenario(restless, CALM).findings[0]?.name).toBe('endless');
  });
});

describe('shrinking', () => {
  const drawn = drawScenario(35, ALL);

  test('ends at the simplest scenario that still fails', () => {
    const anything = shrink(
      drawn,
      () => true,
      (attempts) => attempts < 2_000,
    ).scenario;
    expect(anything).toMatchObject({ peers: 2, messages: 1, faults: [] });
    expect(anything.network).toMatchObject({ loss: 0, repetition: 0, reordering: 0 });
    const needy = shrink(
      drawn,
      ({ peers, messages }) => peers >= 3 && messages >= 2,
      () => true,
    );
    expect(needy.scenario).toMatchObject({ peers: 3, messages: 2, faults: [] });
  });

  test('keeps a scenario that nothing simpler fails like, and runs no more than it may', () => {
    let runs = 0;
    const { scenario, attempts } = shrink(
      drawn,
      () => {
        runs += 1;
        return false;
      },
      (used) => used < 25,
    );
    expect(scenario).toBe(drawn);
    expect([attempts, runs]).toEqual([25, 25]);
  });

  test('runs no scenario twice, though several ways lead to it', () => {
    const runs: string[] = [];
    const { scenario, attempts } = shrink(
      drawn,
      (candidate) => {
        runs.push(JSON.stringify(candidate));
        return candidate.peers >= 4;
      },
      () => true,
    );
    expect(scenario).toMatchObject({ peers: 4, messages: 1 });
    expect(runs).toHaveLength(new Set(runs).size);
    expect(attempts).toBe(runs.length);
  });

  test('a member that is removed takes its faults with it, and the others move up', () => {
    const scenario: Scenario = {
      ...CALM,
      faults: [
        { kind: 'crash', member: 1, atUs: 5 },
        { kind: 'pause', member: 2, atUs: 1, untilUs: 2 },
        { kind: 'partition', from: [0, 1], to: [2], symmetric: true, atUs: 1, untilUs: 9 },
        { kind: 'partition', from: [1], to: [0, 2], symmetric: false, atUs: 1, untilUs: 9 },
        { kind: 'clog', from: 0, to: 2, extraUs: 7, atUs: 1, untilUs: 9 },
        { kind: 'clog', from: 1, to: 2, extraUs: 7, atUs: 1, untilUs: 9 },
      ],
    };
    expect(withoutMember(scenario, 1)).toMatchObject({
      peers: 2,
      faults: [
        { kind: 'pause', member: 1, atUs: 1, untilUs: 2 },
        { kind: 'partition', from: [0], to: [1], symmetric: true, atUs: 1, untilUs: 9 },
        { kind: 'clog', from: 0, to: 1, extraUs: 7, atUs: 1, untilUs: 9 },
      ],
    });
  });
});

describe('the story', () => {
  test('tells who multicast, received and delivered the messages concerned, and in which order', () => {
    const scenario: Scenario = {
      ...CALM,
      peers: 2,
      messages: 1,
      network: { ...CALM.network, delay: { kind: 'constant', us: 10_000 } },
    };
    const total = declaring(['total']);
    const { findings } = checkScenario(total, scenario);
    expect(tellStory(total, scenario, findings[0]!)).toBe(
      [
        '2 peers, 1 message each every 0 ms, seed 1',
        'network: every packet takes 10 ms',
        'crashes, pauses and cuts: none',
        '',
        '        ms  peer 0                    peer 1',
        '     0.000  multicasts (0, 0)',
        '     0.000  DELIVERS (0, 0) at 0',
        '     0.000                            multicasts (1, 0)',
        '     0.000                            DELIVERS (1, 0) at 0',
        '    10.000                            from 0: (0, 0)',
        '    10.000                            DELIVERS (0, 0) at 1',
        '    10.000  from 1: (1, 0)',
        '    10.000  DELIVERS (1, 0) at 1',
        '',
        'Delivered, in order',
        '  peer 0: *(0, 0)* *(1, 0)*',
        '  peer 1: *(1, 0)* *(0, 0)*',
      ].join('\n'),
    );
  });

  test('tells of faults, and of what they took', () => {
    const scenario: Scenario = {
      ...CALM,
      messages: 1,
      faults: [
        { kind: 'partition', from: [0], to: [1], symmetric: false, atUs: 0, untilUs: 1_000 },
        { kind: 'pause', member: 2, atUs: 0, untilUs: 90_000 },
        { kind: 'crash', member: 1, atUs: 80_000 },
      ],
    };
    const finding = { name: 'agreement', text: '', observations: [] } as const;
    const story = tellStory(UNORDERED, scenario, finding);
    expect(story).toContain('partition (0 does not reach 1) from 0 ms to 1 ms');
    expect(story).toContain('-- partition 0 > 1 begins --');
    expect(story).toContain('(0, 0) to 1 lost (partition)');
    expect(story).toMatch(/ 80\.000 +CRASHES/);
    expect(story).toMatch(/ 90\.000 +goes on/);
    expect(story).toContain('peer 1 (crashed): ');
  });
});

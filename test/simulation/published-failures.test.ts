import { describe, expect, test } from '@jest/globals';
import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { checkScenario } from '../../simulation/check/check-scenario.ts';
import { withEnd } from '../../simulation/check/draw-scenario.ts';
import { calmNetwork, type Fault, type Scenario } from '../../simulation/scenario.ts';

/**
 * Ways in which published systems failed, each as a scenario that every ordering has to get through
 * which says that it survives the crash of a minority. Member 0 leads, holds the token first, or
 * sequences, in all of them.
 */
const SURVIVORS = [...ORDERINGS.values()].filter(({ survives }) => survives === 'minority');
const PEERS = 5;
const OTHERS = [1, 2, 3, 4];

function scenario(faults: readonly Fault[], change: Partial<Scenario> = {}): Scenario {
  return withEnd({
    peers: PEERS,
    messages: 6,
    payloadBytes: 0,
    intervalUs: { min: 5_000, max: 30_000 },
    seed: 11,
    network: calmNetwork({ kind: 'uniform', minUs: 1_000, maxUs: 20_000 }),
    ...change,
    faults,
  });
}

function expectSound(entry: OrderingEntry, tried: Scenario): void {
  const { findings } = checkScenario(entry, tried);
  expect({ findings, faults: tried.faults }).toEqual({ findings: [], faults: tried.faults });
}

test('there are orderings to try', () => {
  expect(SURVIVORS.length).toBeGreaterThanOrEqual(4);
});

describe.each(SURVIVORS)('$name', (entry) => {
  test('goes on when a multicast is cut at any of its packets: no number stays with the dead', () => {
    for (const member of [0, 1]) {
      for (let afterSends = 0; afterSends <= 3 * PEERS; afterSends += 1) {
        expectSound(entry, scenario([{ kind: 'crash', member, atUs: 40_000, afterSends }]));
      }
    }
  });

  test('gives no number twice after a false suspicion: its leader sleeps, and comes back', () => {
    for (const lengthUs of [500_000, 1_500_000, 4_000_000, 10_000_000]) {
      const untilUs = 50_000 + lengthUs;
      expectSound(entry, scenario([{ kind: 'pause', member: 0, atUs: 50_000, untilUs }]));
    }
  });

  test('has no two leaders when only one direction of the network is cut, or both', () => {
    const span = { atUs: 50_000, untilUs: 3_000_000 };
    for (const symmetric of [true, false]) {
      expectSound(
        entry,
        scenario([{ kind: 'partition', from: [0], to: OTHERS, symmetric, ...span }]),
      );
      expectSound(
        entry,
        scenario([{ kind: 'partition', from: OTHERS, to: [0], symmetric, ...span }]),
      );
      expectSound(
        entry,
        scenario([{ kind: 'partition', from: [0, 1], to: [2, 3, 4], symmetric, ...span }]),
      );
    }
  });

  test('recovers although a member sleeps through the recovery, or dies in it', () => {
    for (let atUs = 100_000; atUs <= 2_100_000; atUs += 200_000) {
      const dead: Fault = { kind: 'crash', member: 0, atUs: 60_000, afterSends: 2 };
      const untilUs = atUs + 1_500_000;
      expectSound(entry, scenario([dead, { kind: 'pause', member: 1, atUs, untilUs }]));
      expectSound(entry, scenario([dead, { kind: 'crash', member: 1, atUs }]));
    }
  });

  test('delivers nothing that depends on what died: no contamination, with losses and overtaking', () => {
    const network: Scenario['network'] = {
      delay: { kind: 'exponential', meanUs: 15_000 },
      loss: 0.3,
      burst: 3,
      repetition: 0.2,
      reordering: 0.2,
      reorderingUs: 80_000,
    };
    for (let seed = 1; seed <= 10; seed += 1) {
      const faults: Fault[] = [{ kind: 'crash', member: 0, atUs: 60_000, afterSends: seed }];
      expectSound(entry, scenario(faults, { network, seed }));
    }
  });
});

describe('a member that comes back with its counters at 0', () => {
  const back = (member: number, admitted: boolean): Fault => {
    const crash = { kind: 'crash', member, atUs: 60_000, restartAfterUs: 150_000 } as const;
    return admitted ? { ...crash, admitted } : crash;
  };

  test.each(SURVIVORS)('$name goes on without it, since the others refuse its packets', (entry) => {
    for (const member of [0, 1]) {
      const { result, findings } = checkScenario(entry, scenario([back(member, false)]));
      expect(findings).toEqual([]);
      expect(result.faultsHappened).toMatchObject({ crash: 1, restart: 1 });
      expect(result.members[member]!.crashed).toBe(true);
    }
  });

  test('breaks what takes it for the one that crashed: why a plan names incarnations', () => {
    const longer = { messages: 40 };
    const fifo = checkScenario(ORDERINGS.get('fifo')!, scenario([back(2, true)], longer));
    expect(fifo.findings[0]).toMatchObject({ name: 'integrity' });
    const sequencer = checkScenario(ORDERINGS.get('sequencer')!, scenario([back(0, true)], longer));
    expect(sequencer.findings.length).toBeGreaterThan(0);
  });
});

describe('the head of the line', () => {
  const waitingFor = (name: string, faults: readonly Fault[], member: number): unknown => {
    const { result } = checkScenario(ORDERINGS.get(name)!, scenario(faults));
    return result.members[member]!.blockage?.waitsFor;
  };

  test('waits for the member whose acknowledgement, predecessor or earlier message is missing', () => {
    expect(waitingFor('lamport', [{ kind: 'crash', member: 4, atUs: 30_000 }], 0)).toEqual([4]);
    const midway = [1, 2, 3, 4].flatMap((afterSends) =>
      OTHERS.map((peer) =>
        waitingFor('causal', [{ kind: 'crash', member: 0, atUs: 40_000, afterSends }], peer),
      ),
    );
    expect(midway).toContainEqual([0]);
  });

  test('waits for the majority that is gone, and for nobody when a minority is', () => {
    const gone = [0, 1, 2].map((member): Fault => ({ kind: 'crash', member, atUs: 40_000 }));
    for (const { name } of SURVIVORS) {
      expect({ name, waitsFor: waitingFor(name, gone, 4) }).toEqual({ name, waitsFor: [0, 1, 2] });
      expect(waitingFor(name, gone.slice(1), 4)).toBeUndefined();
    }
  });
});

test('lamport blocks safely when a member is dead: nobody delivers what it did not acknowledge', () => {
  const lamport = ORDERINGS.get('lamport')!;
  const { result, findings } = checkScenario(
    lamport,
    scenario([{ kind: 'crash', member: 4, atUs: 30_000 }]),
  );
  expect(findings).toEqual([]);
  expect(result.allDelivered).toBe(false);
  expect(result.members[0]!.heldMax).toBeGreaterThan(0);
});

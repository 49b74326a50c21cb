import { describe, expect, test } from '@jest/globals';
import { Kind } from '../../core/message.ts';
import { create as fifo } from '../../core/orderings/fifo.ts';
import { create as unordered } from '../../core/orderings/unordered.ts';
import { pathBetween } from '../../network/network-model.ts';
import type { Delay, Fault, NetworkScenario } from '../../simulation/scenario.ts';
import { simulate, type Observer } from '../../simulation/simulate.ts';
import { deliveriesOf, drops, ONE, scenarioWith, timesOf } from './scenarios.ts';

describe('paths', () => {
  test('a partition cuts both ways or one, and heals', () => {
    const partition = { kind: 'partition', from: [0], to: [1, 2] } as const;
    const cut = (symmetric: boolean): string[][] => {
      const span = { atUs: 50_000, untilUs: 150_000 };
      const faults: Fault[] = [{ ...partition, symmetric, ...span }];
      const scenario = scenarioWith({ ...ONE, messages: 2, faults });
      return deliveriesOf(simulate(unordered, scenario)).map((order) => order.sort());
    };
    expect(cut(true)).toEqual([
      ['0.0', '0.1', '1.1', '2.1'],
      ['0.1', '1.0', '1.1', '2.0', '2.1'],
      ['0.1', '1.0', '1.1', '2.0', '2.1'],
    ]);
    expect(cut(false)[0]).toEqual(['0.0', '0.1', '1.0', '1.1', '2.0', '2.1']);
    expect(cut(false)[1]).toEqual(['0.1', '1.0', '1.1', '2.0', '2.1']);
  });

  test('two partitions that overlap cut until both have healed; fifo recovers', () => {
    const faults: Fault[] = [
      { kind: 'partition', from: [0], to: [1], symmetric: true, atUs: 0, untilUs: 300_000 },
      { kind: 'partition', from: [1], to: [0], symmetric: true, atUs: 0, untilUs: 900_000 },
    ];
    const { observer, times } = timesOf('arrive');
    const scenario = scenarioWith({ ...ONE, peers: 2, faults });
    const result = simulate(fifo, scenario, observer);
    expect(times[0]).toBeGreaterThan(900_000);
    expect(result.allDelivered).toBe(true);
    expect(result.faultsHappened.partition).toBeGreaterThanOrEqual(2);
  });

  test('a clogged one is slower by what was asked, for so long', () => {
    const faults: Fault[] = [
      { kind: 'clog', from: 0, to: 1, extraUs: 250_000, atUs: 0, untilUs: 150_000 },
    ];
    const arrivals: number[] = [];
    const observer: Observer = {
      arrive: (atUs, from, to) => void (from === 0 && to === 1 && arrivals.push(atUs)),
    };
    const scenario = scenarioWith({ ...ONE, messages: 2, faults });
    const { faultsHappened } = simulate(unordered, scenario, observer);
    expect(arrivals).toEqual([210_000, 360_000]);
    expect(faultsHappened.clog).toBe(1);
  });
});

describe('the network', () => {
  /** Delays of all packets of one path, and which were lost, over many messages. */
  function packets(network: Partial<NetworkScenario>, count = 20_000) {
    const delays: number[] = [];
    const observer: Observer = {
      send: (atUs, from, _to, _message, arrivesAtUs) =>
        void (from === 0 && delays.push(arrivesAtUs - atUs)),
    };
    const scenario = scenarioWith({
      peers: 2,
      messages: count,
      intervalUs: { min: 1_000, max: 1_000 },
      endUs: 0xffff_ffff,
      network,
    });
    return { delays, result: simulate(unordered, scenario, observer) };
  }

  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  test('delays as it is told: constant, uniform, exponential, and after the zones', () => {
    const delaysOf = (delay: Delay): number[] => packets({ delay }).delays;
    expect(new Set(delaysOf({ kind: 'constant', us: 77 }))).toEqual(new Set([77]));
    const uniform = delaysOf({ kind: 'uniform', minUs: 1_000, maxUs: 3_000 });
    expect([Math.min(...uniform), Math.max(...uniform)]).toEqual([1_000, 3_000]);
    expect(Math.abs(mean(uniform) - 2_000)).toBeLessThan(20);
    const exponential = delaysOf({ kind: 'exponential', meanUs: 5_000 });
    expect(Math.abs(mean(exponential) / 5_000 - 1)).toBeLessThan(0.03);
    // A third of the mass of an exponential distribution is above its mean: 1/e.
    const above = exponential.filter((delay) => delay > 5_000).length / exponential.length;
    expect(Math.abs(above - 1 / Math.E)).toBeLessThan(0.015);
    const zones = ['us-west1-b', 'asia-east1-b'];
    const { oneWayUs } = pathBetween(zones[0]!, zones[1]!);
    const steady = delaysOf({ kind: 'zones', zones, jitter: false });
    expect(new Set(steady)).toEqual(new Set([Math.round(oneWayUs)]));
    const jittery = delaysOf({ kind: 'zones', zones, jitter: true });
    expect(Math.abs(mean(jittery) / oneWayUs - 1)).toBeLessThan(0.01);
    expect(new Set(jittery).size).toBeGreaterThan(100);
  });

  test('loses its share, one by one or in bursts of the length that was asked', () => {
    for (const [loss, burst] of [
      [0.1, 1],
      [0.5, 1],
      [0.1, 4],
      [0.5, 10],
    ] as const) {
      const { delays, result } = packets({ loss, burst });
      const lost = delays.map((delay) => delay === Infinity);
      const share = lost.filter(Boolean).length / lost.length;
      expect(Math.abs(share - loss)).toBeLessThan(0.03);
      expect(result.members[0]!.packetsLost).toBe(lost.filter(Boolean).length);
      const runs = lost
        .map(Number)
        .join('')
        .split('0')
        .filter((run) => run !== '');
      // Only the last burst may be cut short, by the end.
      expect(runs.slice(0, -1).every((run) => run.length >= burst)).toBe(true);
    }
  });

  test('repeats and holds back their shares', () => {
    const { result } = packets({ repetition: 0.25 });
    const received = result.members.map(({ messagesReceived }) => messagesReceived);
    expect(received[0]! + received[1]!).toBe(40_000 + result.faultsHappened.repetition);
    expect(Math.abs(result.faultsHappened.repetition / 40_000 - 0.25)).toBeLessThan(0.01);
    const reordered = packets({ reordering: 0.3, reorderingUs: 4_000 });
    const held = reordered.delays.filter((delay) => delay > 10_000);
    expect(Math.abs(held.length / 20_000 - 0.3)).toBeLessThan(0.015);
    expect(Math.max(...held)).toBeLessThanOrEqual(14_000);
    const { sequences } = reordered.result.members[1]!.sequence;
    const overtakes = sequences.filter((number, index) => number < (sequences[index - 1] ?? 0));
    expect(overtakes.length).toBeGreaterThan(1_000);
  });

  test('one fault does not shift what the others do', () => {
    const uniform = { kind: 'uniform', minUs: 1_000, maxUs: 90_000 } as const;
    const plain = packets({ delay: uniform }, 500).delays;
    const lossy = packets({ delay: uniform, loss: 0.3, repetition: 0.2 }, 500).delays;
    expect(lossy.filter((delay) => delay === Infinity).length).toBeGreaterThan(100);
    lossy.forEach((delay, index) => {
      if (delay !== Infinity) expect(delay).toBe(plain[index]);
    });
  });

  test('reports the drops that it makes', () => {
    const { observer, reasons } = drops();
    const partition: Fault = {
      kind: 'partition',
      from: [0],
      to: [1],
      symmetric: false,
      atUs: 0,
      untilUs: 150_000,
    };
    simulate(unordered, scenarioWith({ ...ONE, faults: [partition] }), observer);
    expect(reasons).toEqual(['0>1 partition']);
    const kinds = new Set<number>();
    simulate(fifo, scenarioWith({ network: { loss: 0.5 } }), {
      drop: (_at, _from, _to, message) => void kinds.add(message.kind),
    });
    expect(kinds).toEqual(new Set([Kind.data, Kind.linkAck]));
  });
});

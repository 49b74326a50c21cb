import { describe, expect, test } from '@jest/globals';
import type { Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import { create as fifo } from '../../core/orderings/fifo.ts';
import { create as unordered } from '../../core/orderings/unordered.ts';
import type { Fault } from '../../simulation/scenario.ts';
import { simulate, type Observer } from '../../simulation/simulate.ts';
import {
  deliveriesOf,
  drops,
  ONE,
  scenarioWith,
  STORM,
  STORMY_NETWORK,
  timesOf,
} from './scenarios.ts';

describe('faults are counted', () => {
  test('each when it had an effect', () => {
    const result = simulate(fifo, scenarioWith({ ...STORM, network: STORMY_NETWORK }));
    for (const [kind, times] of Object.entries(result.faultsHappened)) {
      expect({ kind, happened: times > 0 }).toEqual({ kind, happened: true });
    }
    expect(result.faultsHappened).toMatchObject({ crash: 1, pause: 1, lateStart: 1, clockSkew: 1 });
  });

  test('and one that had none is seen to have had none', () => {
    const afterwards = { atUs: 20_000_000, untilUs: 21_000_000 };
    const faults: Fault[] = [
      { kind: 'pause', member: 0, ...afterwards },
      { kind: 'partition', from: [0], to: [1], symmetric: true, ...afterwards },
      { kind: 'clog', from: 0, to: 1, extraUs: 5, ...afterwards },
      { kind: 'crash', member: 0, atUs: 20_000_000, afterSends: 0 },
      { kind: 'clockSkew', member: 0, rate: 1, offsetUs: 0 },
    ];
    const { faultsHappened } = simulate(unordered, scenarioWith({ faults }));
    expect(new Set(Object.values(faultsHappened))).toEqual(new Set([0]));
  });
});

describe('a crash', () => {
  test('withdraws nothing: what its sender had sent arrives', () => {
    const faults: Fault[] = [{ kind: 'crash', member: 0, atUs: 100_001 }];
    const result = simulate(unordered, scenarioWith({ ...ONE, faults }));
    expect(result.members[0]!.crashed).toBe(true);
    const [crashed, first, second] = deliveriesOf(result);
    expect(crashed).toEqual(['0.0']);
    expect(first).toEqual(expect.arrayContaining(['0.0', '1.0', '2.0']));
    expect(second).toEqual(expect.arrayContaining(['0.0', '1.0', '2.0']));
    expect(result.allDelivered).toBe(true);
  });

  test('in the middle of a multicast leaves it with some, and nothing follows', () => {
    const faults: Fault[] = [{ kind: 'crash', member: 0, atUs: 50_000, afterSends: 1 }];
    const result = simulate(unordered, scenarioWith({ ...ONE, faults }));
    const [crashed, first, second] = deliveriesOf(result);
    // `unordered` delivers after it sent: it did not come so far.
    expect(crashed).toEqual([]);
    expect(first).toContain('0.0');
    expect(second).not.toContain('0.0');
    expect(result.allDelivered).toBe(false);
    expect(result.faultsHappened.crash).toBe(1);
  });

  test('leaves what comes for it on the floor', () => {
    const { observer, reasons } = drops();
    const faults: Fault[] = [{ kind: 'crash', member: 2, atUs: 0 }];
    simulate(unordered, scenarioWith({ ...ONE, faults }), observer);
    expect(reasons.sort()).toEqual(['0>2 crashed', '1>2 crashed']);
  });
});

describe('a pause', () => {
  const faults: Fault[] = [{ kind: 'pause', member: 1, atUs: 50_000, untilUs: 400_000 }];

  test('keeps what arrives in the socket, and hands it over on resuming, in its order', () => {
    const arrivals: string[] = [];
    const observer: Observer = {
      arrive: (atUs, from, to) => void (to === 1 && arrivals.push(`${atUs} ${from}`)),
    };
    const result = simulate(unordered, scenarioWith({ ...ONE, faults }), observer);
    expect(arrivals).toEqual(['400000 0', '400000 2']);
    expect(deliveriesOf(result)[1]).toEqual(expect.arrayContaining(['0.0', '2.0', '1.0']));
    expect(result.members[1]!.firstMulticastAtUs).toBe(400_000);
    expect(result.faultsHappened.pause).toBe(1);
  });

  test('makes timers late, and does not make them up in a burst', () => {
    const beats: number[] = [];
    const beating: Create = ({ self }, out) => {
      const ordering = {
        ...unordered({ self, size: 3, random: () => 0 }, out),
        multicast: () => undefined,
        receive: () => undefined,
        held: 0,
        deadline: 0,
        advance: (now: number) => {
          if (self === 1) beats.push(now);
          ordering.deadline = now + 30_000;
        },
      };
      return ordering;
    };
    simulate(beating, scenarioWith({ ...ONE, faults, endUs: 500_000 }));
    expect(beats).toEqual([0, 30_000, 400_000, 430_000, 460_000, 490_000]);
  });

  test('draws whether the timer or the packets come first', () => {
    const firsts = new Set<string>();
    const watching: Create = ({ self }, out) => {
      const ordering = {
        held: 0,
        deadline: 60_000,
        multicast: (_now: number, message: Message) => out.multicast(message),
        receive: (now: number) => void (self === 1 && now === 400_000 && note('packet')),
        advance: () => {
          ordering.deadline = Infinity;
          if (self === 1) note('timer');
        },
      };
      return ordering;
    };
    let isFirst = true;
    const note = (what: string): void => {
      if (isFirst) firsts.add(what);
      isFirst = false;
    };
    for (let seed = 1; seed <= 20; seed += 1) {
      isFirst = true;
      simulate(watching, scenarioWith({ ...ONE, faults, seed }));
    }
    expect(firsts).toEqual(new Set(['timer', 'packet']));
  });

  test('overflows the socket, and says so', () => {
    const { observer, reasons } = drops();
    const scenario = scenarioWith({
      peers: 2,
      messages: 6_000,
      payloadBytes: 100,
      intervalUs: { min: 10, max: 10 },
      faults: [{ kind: 'pause', member: 1, atUs: 0, untilUs: 10_000_000 }],
    });
    const { members } = simulate(unordered, scenario, observer);
    expect(members[1]!.overflows).toBe(reasons.length);
    expect(reasons[0]).toBe('0>1 overflow');
    // 4 MiB of datagrams of 140 bytes with 768 of bookkeeping each.
    expect(members[1]!.messagesReceived).toBeGreaterThan(4_500);
    expect(members[1]!.messagesReceived).toBeLessThan(4_700);
  });

  test('that overlaps another ends with the later of them; a crash ends it for good', () => {
    const second: Fault = { kind: 'pause', member: 1, atUs: 300_000, untilUs: 600_000 };
    const { observer, times } = timesOf('resume');
    simulate(unordered, scenarioWith({ ...ONE, faults: [...faults, second] }), observer);
    expect(times).toEqual([600_000]);
    const crash: Fault = { kind: 'crash', member: 1, atUs: 200_000 };
    const crashed = simulate(unordered, scenarioWith({ ...ONE, faults: [...faults, crash] }));
    expect(crashed.members[1]!.sequence.length).toBe(0);
  });
});

describe('a late start and a skewed clock', () => {
  test('delay the first multicast, not what is received', () => {
    const faults: Fault[] = [{ kind: 'lateStart', member: 1, atUs: 2_000_000 }];
    const result = simulate(unordered, scenarioWith({ ...ONE, faults }));
    expect(result.members.map((member) => member.firstMulticastAtUs)).toEqual([
      100_000, 2_100_000, 100_000,
    ]);
    expect(deliveriesOf(result)[1]).toEqual(['0.0', '2.0', '1.0']);
  });

  test('show a member another time, by which its timers and its intervals go', () => {
    const seen = new Map<number, number[]>();
    const watching: Create = (group) => {
      const ordering = {
        held: 0,
        deadline: 1_000_000,
        multicast: (now: number) => void seen.set(group.self, [now]),
        receive: () => undefined,
        advance: (now: number) => {
          ordering.deadline = Infinity;
          seen.get(group.self)!.push(now);
        },
      };
      return ordering;
    };
    const { observer, times } = timesOf('advance');
    const faults: Fault[] = [{ kind: 'clockSkew', member: 1, rate: 2, offsetUs: 7_000 }];
    const result = simulate(watching, scenarioWith({ ...ONE, faults }), observer);
    // Member 1 reads 2 t + 7,000: 107,000 at 50,000, and 1,000,000 at 496,500.
    expect(result.members[1]!.firstMulticastAtUs).toBe(50_000);
    expect(seen.get(1)).toEqual([107_000, 1_000_000]);
    expect(seen.get(0)).toEqual([100_000, 1_000_000]);
    expect(times).toEqual([496_500, 1_000_000, 1_000_000]);
  });
});

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { create as unordered } from '../../core/orderings/unordered.ts';
import { create as fifo } from '../../core/orderings/fifo.ts';
import { simulate } from '../../simulation/simulate.ts';
import {
  deliveriesOf,
  scenarioWith,
  STORM,
  STORMY_NETWORK,
  timesOf,
  traceOf,
  unorderedWith,
} from './scenarios.ts';

describe('a simulated run', () => {
  test('without faults delivers everything everywhere and ends when nothing is left', () => {
    const result = simulate(unordered, scenarioWith());
    expect(result).toMatchObject({ reason: 'quiet', allDelivered: true, failure: null });
    for (const [self, member] of result.members.entries()) {
      expect(member).toMatchObject({ distinct: 30, crashed: false, dataMessagesSent: 20 });
      expect(member).toMatchObject({ controlMessagesSent: 0, messagesReceived: 20, heldMax: 0 });
      expect(member.sequence.multicasts).toBe(10);
      expect(new Set(deliveriesOf(result)[self]).size).toBe(30);
      expect([...member.ownLatencyUs]).toEqual(Array.from({ length: 10 }, () => 0));
    }
    expect(new Set(Object.values(result.faultsHappened))).toEqual(new Set([0]));
  });

  test('is the same, event by event, when it is run again, and another one with another seed', () => {
    for (const { create, name } of ORDERINGS.values()) {
      const scenario = scenarioWith({ ...STORM, network: STORMY_NETWORK, endUs: 3_000_000 });
      const trace = traceOf(create, scenario);
      expect({ name, same: traceOf(create, scenario).join('\n') === trace.join('\n') }).toEqual({
        name,
        same: true,
      });
      expect(trace).not.toEqual(traceOf(create, { ...scenario, seed: 2 }));
    }
  });

  test('fifo delivers every message of those who live, in order, through all faults at once', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const scenario = scenarioWith({ ...STORM, network: STORMY_NETWORK, seed });
      const faults = scenario.faults.filter(({ kind }) => kind !== 'crash');
      const result = simulate(fifo, { ...scenario, faults });
      expect({ seed, allDelivered: result.allDelivered }).toEqual({ seed, allDelivered: true });
      for (const order of deliveriesOf(result)) {
        const numbers = [0, 1, 2, 3].map((sender) =>
          order.filter((id) => id.startsWith(`${sender}.`)).map((id) => Number(id.slice(2))),
        );
        const ascending = Array.from({ length: 20 }, (_, number) => number);
        expect(numbers).toEqual([ascending, ascending, ascending, ascending]);
      }
    }
  });

  test('draws the intervals of the daemon: the first multicast and all others are in its bounds', () => {
    const { observer, times } = timesOf('multicast');
    simulate(unordered, scenarioWith({ peers: 2, messages: 500 }), observer);
    expect(times.length).toBe(1_000);
    const { members } = simulate(unordered, scenarioWith({ peers: 2, messages: 500 }));
    for (const { firstMulticastAtUs } of members) {
      expect(firstMulticastAtUs).toBeGreaterThanOrEqual(10_000);
      expect(firstMulticastAtUs).toBeLessThanOrEqual(99_000);
    }
    expect(times.at(-1)! / 500).toBeGreaterThan(49_000);
    expect(times.at(-1)! / 500).toBeLessThan(60_000);
  });

  test('multicasts what is due at one instant together, and what a pause held up with it', () => {
    const { create, createUnpacked } = ORDERINGS.get('unordered')!;
    const atOnce = scenarioWith({ intervalUs: { min: 0, max: 0 } });
    const packetsOf = (made: Create, scenario: typeof atOnce): number[] =>
      simulate(made, scenario).members.map(({ dataMessagesSent }) => dataMessagesSent);
    expect(packetsOf(create, atOnce)).toEqual([2, 2, 2]);
    expect(packetsOf(createUnpacked!, atOnce)).toEqual([20, 20, 20]);
    const pause = { kind: 'pause', member: 1, atUs: 0, untilUs: 50_000 } as const;
    const result = simulate(create, { ...atOnce, faults: [pause] });
    expect(result).toMatchObject({ reason: 'quiet', allDelivered: true });
    expect(result.members[1]).toMatchObject({ dataMessagesSent: 2, distinct: 30 });
  });

  test('multicasts each message once where a pause ends at the moment at which one is due', () => {
    const { create } = ORDERINGS.get('unordered')!;
    const each5ms = scenarioWith({ intervalUs: { min: 5_000, max: 5_000 } });
    const pause = { kind: 'pause', member: 1, atUs: 7_000, untilUs: 20_000 } as const;
    const { members, allDelivered } = simulate(create, { ...each5ms, faults: [pause] });
    expect(allDelivered).toBe(true);
    expect(members.map(({ sequence }) => sequence.multicasts)).toEqual([10, 10, 10]);
  });

  test('crashes in the middle of a burst after so many packets', () => {
    const { createUnpacked } = ORDERINGS.get('unordered')!;
    const atOnce = scenarioWith({ intervalUs: { min: 9_000, max: 9_000 } });
    const crash = { kind: 'crash', member: 0, atUs: 1_000, afterSends: 3 } as const;
    for (const intervalUs of [atOnce.intervalUs, { min: 0, max: 0 }]) {
      const faults = intervalUs.min === 0 ? [{ ...crash, atUs: 0 }] : [crash];
      const { members } = simulate(createUnpacked!, { ...atOnce, intervalUs, faults });
      expect(members[0]).toMatchObject({ crashed: true, dataMessagesSent: 3 });
      // It crashes in its second multicast, and begins no third one.
      expect(members[0]!.sequence.multicasts).toBe(2);
    }
  });

  test('ends as complete although an ordering goes on with heartbeats, after the settle time', () => {
    const beating: Create = (group, out) => {
      const inner = unordered(group, out);
      const ordering = {
        held: 0,
        deadline: 0,
        multicast: (now: number, message: Message) => inner.multicast(now, message),
        receive: (now: number, from: number, message: Message) => {
          if (message.kind === Kind.data) inner.receive(now, from, message);
        },
        advance: (now: number) => {
          ordering.deadline = now + 50_000;
          out.multicast(new Message(Kind.heartbeat, group.self, 0));
        },
      };
      return ordering;
    };
    const result = simulate(beating, scenarioWith(), null, { settleUs: 1_000_000 });
    const last = Math.max(...result.members.map(({ lastDeliveryAtUs }) => lastDeliveryAtUs));
    expect(result.reason).toBe('complete');
    expect(result.endedAtUs).toBeGreaterThanOrEqual(last + 1_000_000);
    expect(result.endedAtUs).toBeLessThan(last + 1_200_000);
    expect(simulate(beating, scenarioWith({ endUs: 500_000 })).reason).toBe('end');
  });

  test('waits for a fault that is still to come before it is complete', () => {
    const scenario = scenarioWith({
      faults: [{ kind: 'crash', member: 0, atUs: 30_000_000 }],
    });
    const result = simulate(unordered, scenario);
    expect(result.faultsHappened.crash).toBe(1);
    expect(result.endedAtUs).toBe(30_000_000);
  });

  test('counts what arrives after the end as still to come', () => {
    const scenario = scenarioWith({
      network: { delay: { kind: 'constant', us: 70_000_000 } },
    });
    expect(simulate(unordered, scenario)).toMatchObject({
      reason: 'end',
      endedAtUs: 60_000_000,
      allDelivered: false,
    });
  });

  test('stops as stuck after so many events', () => {
    expect(simulate(unordered, scenarioWith(), null, { eventsMax: 10 })).toMatchObject({
      reason: 'stuck',
      events: 10,
    });
  });

  test('tells which deliveries came only after everything had arrived', () => {
    const sorting: Create = ({ size }, out) => {
      const waiting: Message[] = [];
      const take = (message: Message): void => {
        waiting.push(message);
        if (waiting.length === size * 10) for (const each of waiting) out.deliver(each);
      };
      return {
        deadline: Infinity,
        get held() {
          return waiting.length;
        },
        multicast: (_now, message) => {
          out.multicast(message);
          take(message);
        },
        receive: (_now, _from, message) => take(message),
        advance: () => undefined,
      };
    };
    const result = simulate(sorting, scenarioWith());
    expect(result.members[0]).toMatchObject({ deliveredAfterLastArrival: 30, heldMax: 30 });
  });

  test('measures datagrams, bytes and holding times only when asked', () => {
    const [plain, measured] = [false, true].map((measure) =>
      simulate(unordered, scenarioWith({ payloadBytes: 100 }), null, { measure }),
    );
    expect(plain!.members[0]!.measured).toBeNull();
    // Header 20 and tag 16, then kind, presence, sender, sequence, length of the payload, payload.
    const bytes = 20 * (20 + 16 + 5 + 100);
    expect(measured!.members[0]!.measured).toEqual({
      datagramsSent: 20,
      bytesSent: bytes,
      bytesReceived: bytes,
      holdingUs: new Uint32Array(20),
    });
  });

  test('counts messages that leave for one member in one call as one datagram', () => {
    const twice = unorderedWith((_inner, _self, out) => ({
      multicast: (_now, message) => {
        out.multicast(message);
        out.multicast(message);
        out.deliver(message);
      },
    }));
    const result = simulate(twice, scenarioWith(), null, { measure: true });
    expect(result.members[0]!.dataMessagesSent).toBe(40);
    expect(result.members[0]!.measured!.datagramsSent).toBe(20);
  });
});

test('1,000 peers with 3 messages each fit into the memory', () => {
  const bench = fileURLToPath(new URL('../../bench/simulator.ts', import.meta.url));
  const words = ['unordered', '--peers', '1000', '--messages', '3', '--runs', '1'];
  const printed = execFileSync(process.execPath, [bench, ...words], { encoding: 'utf8' });
  // A process of its own, so that its peak is that of this run alone.
  const peakMiB = Number(/ (\d+) MiB /.exec(printed)?.[1]);
  expect(printed).toMatch(/unordered .* 999\.00 .* quiet/);
  expect(peakMiB).toBeLessThan(1_024);
});

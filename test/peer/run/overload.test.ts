import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { zonesForPeers } from '../../../network/zones.ts';
import { type GroupScenario, RunGroup } from '../../../bench/virtual-group/run-group.ts';
import type { Fault } from '../../../simulation/scenario.ts';

const LOCAL = { delay: { kind: 'uniform', minUs: 50, maxUs: 300 } } as const;
const ENTRIES = [...ORDERINGS.values()];

/** Runs a group whose processes have more to do than they can; counts, as time depends on the machine. */
async function overloaded(scenario: Omit<GroupScenario, 'seed'>) {
  const group = await new RunGroup({
    seed: 1,
    network: LOCAL,
    deadlineMs: 90_000,
    ...scenario,
  }).run();
  const { peers, messages } = scenario;
  const delivered = group.reports.map((report) => report?.deliveries ?? 0);
  const deliveries = delivered.reduce((sum, count) => sum + count, 0);
  return {
    share: deliveries / (peers * peers * messages),
    datagramsPerDelivery: group.datagrams / Math.max(1, deliveries),
    seconds: Math.max(...group.reports.map((_, self) => group.reportedAtUs(self))) / 1e6,
    overflows: group.processes.reduce((sum, process) => sum + process.overflows, 0),
  };
}

describe('32 members at the usual intervals, on processes that manage 1,000 datagrams a second', () => {
  test.each(ENTRIES)('$name delivers everything, for about a datagram each', async (entry) => {
    const shape = { entry, peers: 32, messages: 25, datagramUs: 1_000 };
    const { share, datagramsPerDelivery } = await overloaded(shape);
    expect(share).toBe(1);
    // A message has to come to everybody; acknowledgements and the like share datagrams with others.
    expect(datagramsPerDelivery).toBeLessThan(2.5);
  });
});

test('64 members on processes that manage 500 datagrams a second say little twice about how the run ends', async () => {
  const entry = ORDERINGS.get('fifo')!;
  const shape = { entry, peers: 64, messages: 5, datagramUs: 2_000 };
  const { share, datagramsPerDelivery } = await overloaded(shape);
  expect(share).toBe(1);
  // Each tells each three facts and is answered, after hellos: about four datagrams for each of five messages.
  expect(datagramsPerDelivery).toBeLessThan(15);
});

describe('8 members with 400 messages of 1,000 bytes each at once', () => {
  const shape = { peers: 8, messages: 400, payloadBytes: 1_000, intervalMs: { min: 0, max: 0 } };

  test.each(ENTRIES.filter(({ retransmits }) => retransmits))(
    '$name delivers everything, and little is sent twice',
    async (entry) => {
      const { share, datagramsPerDelivery, overflows } = await overloaded({
        entry,
        ...shape,
        datagramUs: 500,
      });
      expect(share).toBe(1);
      expect(datagramsPerDelivery).toBeLessThan(2.2);
      expect(overflows).toBe(0);
    },
  );
});

describe('4 members with 2,000 messages at once, over paths that carry 9,000 bytes', () => {
  const shape = { peers: 4, messages: 2_000, payloadBytes: 64, intervalMs: { min: 0, max: 0 } };

  test.each(ENTRIES)(
    '$name delivers everything, in fewer datagrams, and no socket overflows',
    async (entry) => {
      const large = await overloaded({ entry, ...shape, datagramBytes: 9_000, datagramUs: 500 });
      expect([large.share, large.overflows]).toEqual([1, 0]);
      // At 1,200 bytes 17 of these messages fit, so that 3 / 17 of a datagram make 4 deliveries, and answers some more.
      expect(large.datagramsPerDelivery).toBeLessThan(0.055);
    },
  );
});

describe('8 members around the world with 120 messages of 1,000 bytes each at once', () => {
  const zones = zonesForPeers(8, null);
  const shape = { peers: 8, messages: 120, payloadBytes: 1_000, intervalMs: { min: 0, max: 0 } };

  test.each(ENTRIES)(
    '$name is held up by the distance alone, and takes nothing slow for lost',
    async (entry) => {
      const { share, datagramsPerDelivery, overflows, seconds } = await overloaded({
        entry,
        ...shape,
        datagramUs: 100,
        network: { delay: { kind: 'zones', zones, jitter: true } },
      });
      expect([share, overflows]).toEqual([1, 0]);
      expect(datagramsPerDelivery).toBeLessThan(2.2);
      // In virtual time. A token needs some 12 rounds of 0.7 s; the others a few round trips of 0.3 s.
      expect(seconds).toBeLessThan(15);
    },
  );
});

test('nobody sends what a receiver has no room for: where nothing is sent again, nothing is lost', async () => {
  const entry = ORDERINGS.get('unordered')!;
  const intervalMs = { min: 0, max: 0 };
  const shape = { entry, peers: 4, messages: 3_000, payloadBytes: 1_000, intervalMs };
  const { share, overflows } = await overloaded({ ...shape, datagramUs: 2_000 });
  expect({ share, overflows }).toEqual({ share: 1, overflows: 0 });
});

describe('members that die while all multicast at once are waited for, but not until the deadline', () => {
  const shape = { peers: 4, payloadBytes: 1_000, intervalMs: { min: 0, max: 0 }, datagramUs: 200 };
  const killed = (member: number, afterSends: number): Fault => {
    return { kind: 'crash', member, atUs: 0, afterSends };
  };

  test.each<[string, string, number, Fault[], number]>([
    // What the dead member sent last has gaps, so that others hold what came after these for good.
    ['sequencer-uub', 'after losses', 100, [killed(2, 130)], 0.1],
    ['skeen', 'after losses', 100, [killed(2, 130)], 0.1],
    // Nobody can multicast the rest.
    ['lamport', 'where nobody may be lost', 300, [killed(2, 130)], 0],
    ['ring', 'with the majority', 100, [killed(0, 130), killed(2, 130)], 0],
  ])('%s, %s', async (name, _why, messages, faults, loss) => {
    const group = await new RunGroup({
      entry: ORDERINGS.get(name)!,
      seed: 1,
      messages,
      network: { ...LOCAL, loss },
      deadlineMs: 60_000,
      faults,
      ...shape,
    }).run();
    const dead = faults.map((fault) => `peer-${(fault as { member: number }).member}`);
    const living = group.reports.filter((report) => report !== null);
    expect(living.length).toBe(4 - dead.length);
    for (const { outcome, missing } of living) {
      expect(outcome).toBe('settled');
      expect(missing).toEqual(expect.arrayContaining(dead));
    }
  });
});

test('where nobody may be lost, one that is stopped for nine seconds while all multicast holds the others up, and no more', async () => {
  const fault = { kind: 'pause', member: 1, atUs: 300_000, untilUs: 9_300_000 } as const;
  const entry = ORDERINGS.get('lamport')!;
  const shape = { peers: 4, messages: 400, payloadBytes: 1_000, intervalMs: { min: 0, max: 0 } };
  const { share } = await overloaded({ entry, ...shape, datagramUs: 500, faults: [fault] });
  expect(share).toBe(1);
});

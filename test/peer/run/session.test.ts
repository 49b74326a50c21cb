import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { unknownOrdering } from '../../../peer/run/unknown-ordering.ts';
import {
  DATAGRAM_BYTES_DEFAULT,
  DatagramType,
  endDatagram,
  RUN_TAG_BYTES,
  writeHeader,
} from '../../../core/wire/datagram.ts';
import { receiverBit } from '../../../core/wire/receivers.ts';
import { ByteWriter } from '../../../core/base/byte-writer.ts';
import { deriveRunKey } from '../../../peer/transport/authentication.ts';
import { type GroupScenario, RunGroup } from '../../../bench/virtual-group/run-group.ts';

const fifo = ORDERINGS.get('fifo')!;
const SIZE = { peers: 4, messages: 12, seed: 7 };

function run(changes: Partial<GroupScenario>): Promise<RunGroup> {
  return new RunGroup({ entry: fifo, ...SIZE, ...changes }).run();
}

const outcomesOf = ({ reports }: RunGroup) => reports.map((report) => report?.outcome ?? null);
const deliveredOf = ({ comparison }: RunGroup) =>
  comparison?.perPeer.map(({ delivered }) => delivered);

describe('a group of members, whole', () => {
  test.each([...ORDERINGS.keys()])('%s: all is delivered, judged and left', async (name) => {
    const group = await run({ entry: ORDERINGS.get(name)!, peers: 5 });
    expect(outcomesOf(group)).toEqual(Array(5).fill('complete'));
    expect(deliveredOf(group)).toEqual(Array(5).fill(60));
    const { declared, guarantees } = group.comparison!;
    expect(declared).toEqual(ORDERINGS.get(name)!.guarantees);
    for (const guarantee of declared) expect(guarantees[guarantee].held).toBe(true);
    expect(group.members.map((member) => member!.closed)).toEqual(Array(5).fill(true));
    expect(group.time.nowUs).toBeLessThan(10_000_000);
  });

  test('the same seed gives the same documents, another one others', async () => {
    const scenario = { network: { loss: 0.1, repetition: 0.1 } };
    const [one, same, other] = [await run(scenario), await run(scenario), await run({ seed: 8 })];
    const documents = ({ store }: RunGroup) => [...store.documents.values()];
    expect(documents(same)).toEqual(documents(one));
    expect(documents(other)).not.toEqual(documents(one));
  });

  test('losses, repetitions and overtaking cost time, and nothing else', async () => {
    const network = { loss: 0.3, burst: 2, repetition: 0.2, reordering: 0.2, reorderingUs: 50_000 };
    const group = await run({ network });
    expect(deliveredOf(group)).toEqual(Array(4).fill(48));
    expect(group.comparison!.perPeer[0]!.dropped).toMatchObject({ replayed: expect.any(Number) });
  });

  test('clocks that run fast or slow, or from another origin, change nothing', async () => {
    const skew = { kind: 'clockSkew', offsetUs: 5_000_000 } as const;
    const faults = [
      { ...skew, member: 0, rate: 0.8 },
      { ...skew, member: 3, rate: 1.25 },
    ];
    expect(outcomesOf(await run({ faults }))).toEqual(Array(4).fill('complete'));
  });

  test('with the real key nothing is lost, and what a stranger sends is counted and ignored', async () => {
    const key = deriveRunKey('a secret that this test shares with itself', 'some run');
    const group = new RunGroup({ entry: fifo, ...SIZE, key });
    const writer = new ByteWriter(new Uint8Array(DATAGRAM_BYTES_DEFAULT));
    const address = { type: DatagramType.messages, sender: 1, half: 0, receivers: receiverBit(2) };
    writeHeader(writer, { ...address, packet: 1 }, new Uint8Array(RUN_TAG_BYTES));
    group.time.at(200_000, () => group.processes[2]!.arrive(endDatagram(writer)));
    await group.run();
    expect(deliveredOf(group)).toEqual(Array(4).fill(48));
    expect(group.reports[2]!.counters.dropped).toEqual({ foreign: 1 });
  });
});

describe('the beginning of a run', () => {
  // Those with a token have something to send before anybody multicasts.
  test.each(['fifo', 'token', 'moving-sequencer'])(
    'waits for a member that hears of it late, and until then %s sends nothing',
    async (name) => {
      const entry = ORDERINGS.get(name)!;
      const sentAtUs: number[] = [];
      const noteSend = () => sentAtUs.push(group.time.nowUs);
      const create: typeof entry.create = (self, out) =>
        entry.create(self, {
          ...out,
          send: (to, message) => {
            noteSend();
            out.send(to, message);
          },
          multicast: (message) => {
            noteSend();
            out.multicast(message);
          },
        });
      const joinAtUs = [0, 0, 3_000_000];
      const group = new RunGroup({ ...SIZE, entry: { ...entry, create }, joinAtUs });
      await group.run();
      expect(outcomesOf(group)).toEqual(Array(4).fill('complete'));
      expect(sentAtUs.length).toBeGreaterThan(0);
      expect(Math.min(...sentAtUs)).toBeGreaterThan(3_000_000);
    },
  );

  test('names who never answered, once joining time is over, and nobody multicasts', async () => {
    const group = await run({ joinAtUs: [0, Infinity] });
    expect(outcomesOf(group)).toEqual(['handshake', null, 'handshake', 'handshake']);
    expect(group.reports[0]).toMatchObject({ missing: ['peer-1'], multicasts: 0 });
    expect(group.comparison!.perPeer[1]!.standing).toBe('silent');
    // At the deadline at the latest; here long before.
    expect(group.reportedAtUs(0)).toBeLessThan(11_000_000);
  });

  test('measures each round trip on one clock', async () => {
    const network = { delay: { kind: 'constant', us: 7_000 } } as const;
    const { reports } = await run({ network });
    expect(reports[0]!.roundTripMs).toEqual({ 'peer-1': 14, 'peer-2': 14, 'peer-3': 14 });
  });
});

describe('the end of a run', () => {
  test('a member that is killed is missed long before the deadline', async () => {
    const group = await run({ faults: [{ kind: 'crash', member: 1, atUs: 400_000 }] });
    expect(outcomesOf(group)).toEqual(['settled', null, 'settled', 'settled']);
    expect(group.reports[3]!.missing).toEqual(['peer-1']);
    expect(group.comparison!.createdAtMs).toBeLessThan(group.plan.deadlineMs - 30_000);
    expect(group.comparison!.perPeer[1]!.standing).toBe('silent');
  });

  test('a member that has left sends nothing when it is told to stop, though one never heard that it finished', async () => {
    const group = await run({ faults: [{ kind: 'crash', member: 1, atUs: 400_000 }] });
    const { datagrams, members, time } = group;
    expect(members[0]!.closed).toBe(true);
    // By then it would be time to tell the killed one again.
    const stopAtUs = time.nowUs + 5_000_000;
    const stopped: Promise<void>[] = [];
    time.at(stopAtUs, () => stopped.push(members[0]!.stop('another run began')));
    while (time.step(stopAtUs));
    await Promise.all(stopped);
    expect(group.datagrams).toBe(datagrams);
    expect(group.reports[0]!.outcome).toBe('settled');
  });

  test('what a killed member had uploaded is compared', async () => {
    const faults = [{ kind: 'crash', member: 1, atUs: 1_200_000, afterSends: 5 } as const];
    const group = await run({ messages: 40, faults });
    expect(group.comparison!.perPeer[1]!.standing).toBe('crashed');
    expect(group.comparison!.perPeer[1]!.delivered).toBeGreaterThan(20);
  });

  test('what the network loses for good is settled soon after the last message', async () => {
    const network = { loss: 0.1 };
    const group = await run({ entry: ORDERINGS.get('unordered')!, network });
    expect(outcomesOf(group)).toContain('settled');
    expect(group.reports.every((report) => report!.missing.length === 0)).toBe(true);
    expect(group.time.nowUs).toBeLessThan(5_000_000);
  });

  test('the deadline ends what nothing else does, and everybody reports', async () => {
    const cut = { kind: 'partition', from: [0, 1], to: [2, 3], symmetric: true } as const;
    const faults = [{ ...cut, atUs: 300_000, untilUs: 90_000_000 }];
    const group = await run({ faults, deadlineMs: 3_000 });
    expect(outcomesOf(group)).toEqual(Array(4).fill('deadline'));
    expect(group.reports[0]!.reason).toContain('deadline');
    expect(group.comparison!.guarantees.agreement.held).toBeNull();
  });

  test('an ordering that throws ends its member, not the others', async () => {
    const entry = {
      ...fifo,
      create: (...[group, out]: Parameters<typeof fifo.create>) => {
        const deliver: typeof out.deliver = (message) => {
          if (group.self === 2 && message.sequence === 5) throw new Error('a defect');
          out.deliver(message);
        };
        return fifo.create(group, { ...out, deliver });
      },
    };
    const group = await run({ entry });
    expect(outcomesOf(group)).toEqual(['settled', 'settled', 'failed', 'settled']);
    expect(group.reports[2]!.reason).toBe('the ordering failed: a defect');
  });

  test('an ordering that this daemon does not know says so in its report', async () => {
    const group = await run({ entry: unknownOrdering('zigzag') });
    expect(outcomesOf(group)).toContain('failed');
    expect(group.reports[0]!.reason).toContain('knows no ordering zigzag; it knows unordered');
  });

  test('a member that is told to stop says so, and the others wait for nothing more', async () => {
    const group = new RunGroup({ entry: fifo, ...SIZE });
    group.time.at(400_000, () => void group.members[1]!.stop('SIGTERM'));
    await group.run();
    expect(group.reports[1]).toMatchObject({ outcome: 'abandoned', reason: 'SIGTERM' });
    expect(group.reports[0]!.outcome).toBe('settled');
    expect(group.time.nowUs).toBeLessThan(20_000_000);
  });

  test('a member that is told to stop when it has everything is not waited for by who lacks its messages', async () => {
    const cut = { kind: 'partition', from: [1], to: [0], symmetric: false } as const;
    const faults = [{ ...cut, atUs: 300_000, untilUs: 1_999_000 }];
    const group = new RunGroup({ entry: fifo, ...SIZE, faults });
    group.time.at(2_000_000, () => void group.members[1]!.stop('SIGTERM'));
    await group.run();
    expect(group.reports[1]).toMatchObject({ outcome: 'abandoned', deliveries: 48 });
    expect(group.reports[0]).toMatchObject({ outcome: 'settled', missing: ['peer-1'] });
    expect(group.reportedAtUs(0)).toBeLessThan(20_000_000);
  });
});

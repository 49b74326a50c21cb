import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { create, LamportKind } from '../../../core/orderings/lamport.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { quietRun, SimulatedRun, STEP_US } from '../../support/simulated-run.ts';

const SAFETY = ['integrity', 'fifo', 'causal', 'total', 'uniformTotal', 'gapFree'] as const;

/** Member 0 of three, driven by hand over channels that neither lose nor reorder. */
function memberOfThree() {
  const delivered: string[] = [];
  const said: number[] = [];
  const links = [0, 0, 0];
  const member = create(
    { self: 0, size: 3, random: () => 0 },
    {
      multicast: () => undefined,
      send: (to, message) => {
        if (to === 1 && message.kind !== Kind.linkAck) said.push(message.timestamp);
      },
      deliver: (message) => delivered.push(`${message.sender}.${message.sequence}`),
    },
  );
  const receive = (from: number, kind: number, sequence: number, timestamp: number) => {
    links[from]! += 1;
    const message = new Message(kind, from, sequence, undefined, links[from]!, timestamp);
    member.receive(0, from, message);
  };
  return { member, delivered, said, receive };
}

describe('lamport', () => {
  test('delivers the head once everybody said something that lies after it', () => {
    const { member, delivered, said, receive } = memberOfThree();
    receive(1, Kind.data, 0, 1);
    expect([delivered, said, member.held]).toEqual([[], [2], 1]);
    receive(2, LamportKind.lamportAck, 0, 2);
    expect([delivered, member.held]).toEqual([['1.0'], 0]);
  });

  test('equal timestamps are in the order of their senders, whatever came first', () => {
    const { member, delivered, receive } = memberOfThree();
    receive(2, Kind.data, 0, 1);
    member.multicast(0, new Message(Kind.data, 0, 0));
    receive(1, Kind.data, 0, 1);
    receive(2, LamportKind.lamportAck, 0, 4);
    expect(delivered).toEqual(['1.0', '2.0']);
    receive(1, LamportKind.lamportAck, 0, 4);
    expect(delivered).toEqual(['1.0', '2.0', '0.0']);
  });

  test('a fully acknowledged message waits for a smaller one that is not', () => {
    const { member, delivered, receive } = memberOfThree();
    receive(1, Kind.data, 0, 5);
    receive(2, Kind.data, 0, 3);
    expect([delivered, member.held]).toEqual([['2.0'], 1]);
    receive(2, LamportKind.lamportAck, 0, 6);
    expect([delivered, member.held]).toEqual([['2.0', '1.0'], 0]);
  });

  test('what it said already acknowledges: it says nothing twice', () => {
    const { member, said, receive } = memberOfThree();
    member.multicast(0, new Message(Kind.data, 0, 0));
    member.multicast(0, new Message(Kind.data, 0, 1));
    receive(1, Kind.data, 0, 1);
    expect(said).toEqual([1, 2]);
    receive(1, Kind.data, 1, 2);
    expect(said).toEqual([1, 2]);
    receive(1, Kind.data, 2, 3);
    expect(said).toEqual([1, 2, 4]);
  });

  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'seed %i: keeps what it declares under loss, repetition and reordering',
    (seed) => {
      const [peers, loss] = [2 + (seed % 7), (seed % 4) / 10];
      const network = { loss, repetition: 0.1 };
      const { result, guarantees, delivered } = new SimulatedRun(create, { peers, seed, network });
      expect(result.allDelivered).toBe(true);
      for (const name of ORDERINGS.get('lamport')!.guarantees) {
        expect({ name, verdict: guarantees[name] }).toEqual({ name, verdict: { held: true } });
      }
      for (const sequence of delivered) expect(sequence).toEqual(delivered[0]);
      if (loss > 0) expect(result.faultsHappened.loss).toBeGreaterThan(0);
    },
  );

  test.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'seed %i: when a member crashes, the others wait safely and visibly',
    (seed) => {
      const [member, afterSends] = [seed % 4, 20 + 3 * seed];
      const faults = [{ kind: 'crash', member, atUs: 0, afterSends } as const];
      const shape = { messages: 20, seed, network: { loss: 0.1 }, faults, endUs: 4_000_000 };
      const { result, crashed, guarantees } = new SimulatedRun(create, shape);
      expect(crashed[member]).toBe(true);
      expect(result.allDelivered).toBe(false);
      for (const name of SAFETY) expect([name, guarantees[name].held]).not.toEqual([name, false]);
      const living = result.members.filter((_, index) => !crashed[index]);
      for (const { blockage } of living) expect(blockage!.waitsFor).toContain(member);
    },
  );

  test.each([2, 3, 4, 5, 6, 7, 8])(
    'costs n(n - 1) messages per multicast with %i members that are otherwise quiet, in 2 steps',
    (size) => {
      const run = quietRun('lamport', size, size - 1);
      const packets = run.packetsPerMulticast((kind) => kind !== Kind.linkAck);
      expect(packets).toBe(size * (size - 1));
      expect(Math.max(...run.latenciesUs)).toBe(2 * STEP_US);
    },
  );

  test('costs less under load: messages acknowledge each other', () => {
    const run = new SimulatedRun(create, { messages: 50, intervalUs: { min: 0, max: 1 } });
    expect(run.packetsPerMulticast((kind) => kind !== Kind.linkAck)).toBeLessThan(8);
  });
});

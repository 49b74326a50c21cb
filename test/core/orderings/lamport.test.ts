import { describe, expect, test } from '@jest/globals';
import { compare } from '../../../core/judge/comparison.ts';
import { Kind, Message } from '../../../core/message.ts';
import { create } from '../../../core/orderings/lamport.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { OrderingRun } from '../../support/ordering-run.ts';

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
    receive(2, Kind.lamportAck, 0, 2);
    expect([delivered, member.held]).toEqual([['1.0'], 0]);
  });

  test('equal timestamps are in the order of their senders, whatever came first', () => {
    const { member, delivered, receive } = memberOfThree();
    receive(2, Kind.data, 0, 1);
    member.multicast(0, new Message(Kind.data, 0, 0));
    receive(1, Kind.data, 0, 1);
    receive(2, Kind.lamportAck, 0, 4);
    expect(delivered).toEqual(['1.0', '2.0']);
    receive(1, Kind.lamportAck, 0, 4);
    expect(delivered).toEqual(['1.0', '2.0', '0.0']);
  });

  test('a fully acknowledged message waits for a smaller one that is not', () => {
    const { member, delivered, receive } = memberOfThree();
    receive(1, Kind.data, 0, 5);
    receive(2, Kind.data, 0, 3);
    expect([delivered, member.held]).toEqual([['2.0'], 1]);
    receive(2, Kind.lamportAck, 0, 6);
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
      const [size, loss] = [2 + (seed % 7), (seed % 4) / 10];
      const run = new OrderingRun(create, {
        size,
        messages: 12,
        seed,
        loss,
        repetition: 0.1,
      }).run();
      expect(run.completeAt).toBeLessThan(Infinity);
      const { guarantees, unorderedRounds } = compare(run.logs, 12);
      for (const name of ORDERINGS.get('lamport')!.guarantees) {
        expect({ name, verdict: guarantees[name] }).toEqual({ name, verdict: { held: true } });
      }
      expect(unorderedRounds).toBe(0);
      if (loss > 0) expect(run.lost).toBeGreaterThan(0);
    },
  );

  test.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'seed %i: when a member crashes, the others wait safely and visibly',
    (seed) => {
      const trouble = {
        kind: 'crashAfterPackets',
        member: seed % 4,
        packets: 20 + 3 * seed,
      } as const;
      const options = { size: 4, messages: 20, seed, loss: 0.1, troubles: [trouble], endUs: 4e6 };
      const run = new OrderingRun(create, options).run();
      expect(run.crashed[trouble.member]).toBe(true);
      expect(run.completeAt).toBe(Infinity);
      const { guarantees } = compare(run.logs, 20);
      for (const name of SAFETY) expect([name, guarantees[name].held]).not.toEqual([name, false]);
      const living = run.members.filter((_, member) => !run.crashed[member]);
      for (const member of living) expect(member.held).toBeGreaterThan(0);
    },
  );

  test.each([2, 3, 4, 5, 6, 7, 8])(
    'costs n(n - 1) messages per multicast with %i members that are otherwise quiet, in 2 steps',
    (size) => {
      const quiet = { intervalUs: [100_000, 100_001], delayUs: [5_000, 5_001] } as const;
      const options = { size, messages: 10, seed: 1, senders: [size - 1], ...quiet };
      const run = new OrderingRun(create, options).run();
      const packets = run.packetsPerMulticast((kind) => kind !== Kind.linkAck);
      expect(packets).toBe(size * (size - 1));
      // With two members the other one's acknowledgement is all that the sender waits for.
      expect(Math.max(...run.latenciesUs)).toBe(10_000);
    },
  );

  test('costs less under load: messages acknowledge each other', () => {
    const run = new OrderingRun(create, {
      size: 4,
      messages: 50,
      seed: 1,
      intervalUs: [0, 2],
    }).run();
    expect(run.packetsPerMulticast((kind) => kind !== Kind.linkAck)).toBeLessThan(8);
  });
});

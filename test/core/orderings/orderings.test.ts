import { describe, expect, test } from '@jest/globals';
import { LINK_WINDOW } from '../../../core/channels/congestion-window.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { Ordering } from '../../../core/ordering.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { type RunShape, SimulatedRun } from '../../support/simulated-run.ts';

const unordered = ORDERINGS.get('unordered')!.create;
const fifo = ORDERINGS.get('fifo')!.create;

/** Members of a group that multicast 20 messages each, unless it says otherwise, until all is over. */
function run(create: typeof fifo, shape: RunShape): SimulatedRun {
  const simulated = new SimulatedRun(create, { peers: 3, messages: 20, ...shape });
  expect(['quiet', 'complete']).toContain(simulated.result.reason);
  return simulated;
}

const bySender = (delivered: string[], sender: number): string[] =>
  delivered.filter((id) => id.startsWith(`${sender}.`));

describe('unordered', () => {
  test('delivers on arrival: members disagree, each has everything', () => {
    const { delivered } = run(unordered, {});
    expect(delivered[0]).not.toEqual(delivered[1]);
    for (const sequence of delivered) expect(new Set(sequence).size).toBe(60);
  });

  test('what the network loses is lost, exactly', () => {
    const { result, delivered } = run(unordered, { seed: 2, messages: 40, network: { loss: 0.2 } });
    const deliveries = delivered.reduce((sum, sequence) => sum + sequence.length, 0);
    expect(result.faultsHappened.loss).toBeGreaterThan(20);
    expect(deliveries).toBe(3 * 3 * 40 - result.faultsHappened.loss);
  });
});

describe('fifo', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'seed %i: nothing is lost, repeated or reordered per sender under loss and repetition',
    (seed) => {
      const network = { loss: Math.min(0.5, (seed % 6) / 10), repetition: 0.2 };
      const { result, delivered } = run(fifo, { peers: 4, messages: 30, seed, network });
      const { loss, repetition } = result.faultsHappened;
      if (network.loss > 0) expect(loss).toBeGreaterThan(0);
      expect(repetition).toBeGreaterThan(0);
      for (const sequence of delivered) {
        for (let sender = 0; sender < 4; sender += 1) {
          const expected = Array.from({ length: 30 }, (_, number) => `${sender}.${number}`);
          expect(bySender(sequence, sender)).toEqual(expected);
        }
      }
    },
  );

  test('without loss nothing is transmitted twice, and at most one acknowledgement goes back', () => {
    const network = { delay: { kind: 'uniform', minUs: 1, maxUs: 1_000 } } as const;
    const { sent } = run(fifo, { seed: 3, messages: 50, network });
    const transmissions = 3 * 2 * 50;
    expect(sent.get(Kind.data)).toBe(transmissions);
    expect(sent.get(Kind.linkAck)).toBeGreaterThan(0);
    expect(sent.get(Kind.linkAck)).toBeLessThanOrEqual(transmissions);
  });

  test('a burst larger than the window arrives whole', () => {
    const burst = 2 * LINK_WINDOW;
    const intervalUs = { min: 0, max: 0 };
    const shape = { peers: 2, messages: burst, senders: [0], intervalUs, network: { loss: 0.05 } };
    const { delivered } = new SimulatedRun(fifo, { ...shape, endUs: 120_000_000 });
    expect(delivered[1]).toEqual(delivered[0]);
    expect(delivered[1]!.length).toBe(burst);
  });

  test('is idle again once everything is acknowledged, and holds nothing', () => {
    const members: Ordering[] = [];
    const keeping: typeof fifo = (group, out) => {
      members.push(fifo(group, out));
      return members.at(-1)!;
    };
    const { result } = run(keeping, {
      seed: 5,
      messages: 5,
      network: { loss: 0.3 },
      settleUs: 2e7,
    });
    expect(result.reason).toBe('quiet');
    expect(members.map(({ deadline, held }) => [deadline, held])).toEqual(
      Array(3).fill([Infinity, 0]),
    );
  });

  test('holds a message that overtook another, and survives nonsense from the network', () => {
    const delivered: string[] = [];
    const sent: Message[] = [];
    const member = fifo(
      { self: 0, size: 2, random: () => 0 },
      {
        multicast: (message) => sent.push(message),
        send: (_to, message) => sent.push(message),
        deliver: (message) => delivered.push(`${message.sender}.${message.sequence}`),
      },
    );
    member.receive(0, 1, new Message(Kind.data, 1, 1, undefined, 2));
    expect([delivered, member.held]).toEqual([[], 1]);
    expect(sent.map((message) => [message.kind, message.sequence, message.vector])).toEqual([
      [Kind.linkAck, 0, [2, 1]],
    ]);
    member.receive(1, 1, new Message(Kind.data, 1, 9, undefined, 2 + LINK_WINDOW));
    member.receive(1, 1, new Message(Kind.linkAck, 1, 99, undefined, 0, 0, 0, 0, [5, 1_000_000]));
    member.receive(1, 1, new Message(77, 1, 0));
    expect(member.held).toBe(1);
    member.receive(2, 1, new Message(Kind.data, 1, 0, undefined, 1));
    expect([delivered, member.held]).toEqual([['1.0', '1.1'], 0]);
  });
});

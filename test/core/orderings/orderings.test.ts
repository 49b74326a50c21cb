import { describe, expect, test } from '@jest/globals';
import { LINK_WINDOW } from '../../../core/channels/link-sender.ts';
import { Kind, Message } from '../../../core/message.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { VirtualNetwork, type VirtualNetworkOptions } from '../../support/virtual-network.ts';

const unordered = ORDERINGS.get('unordered')!.create;
const fifo = ORDERINGS.get('fifo')!.create;

/** Every member multicasts `messages` messages at seeded-looking, uneven times. */
function run(
  create: typeof fifo,
  messages: number,
  options: VirtualNetworkOptions,
): VirtualNetwork {
  const network = new VirtualNetwork(create, options);
  for (let self = 0; self < options.size; self += 1) {
    for (let sequence = 0; sequence < messages; sequence += 1) {
      network.multicastAt(
        sequence * 30_000 + ((sequence * 7 + self * 13) % 30) * 900,
        self,
        sequence,
      );
    }
  }
  expect(network.run(60_000_000)).toBe(true);
  return network;
}

const bySender = (delivered: string[], sender: number): string[] =>
  delivered.filter((id) => id.startsWith(`${sender}.`));

describe('unordered', () => {
  test('delivers on arrival: members disagree, each has everything', () => {
    const network = run(unordered, 20, { size: 3, seed: 1 });
    expect(network.delivered[0]).not.toEqual(network.delivered[1]);
    for (const delivered of network.delivered) expect(new Set(delivered).size).toBe(60);
  });

  test('what the network loses is lost, exactly', () => {
    const network = run(unordered, 40, { size: 3, seed: 2, loss: 0.2 });
    const deliveries = network.delivered.reduce((sum, delivered) => sum + delivered.length, 0);
    expect(network.lost).toBeGreaterThan(20);
    expect(deliveries).toBe(3 * 3 * 40 - network.lost);
  });
});

describe('fifo', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'seed %i: nothing is lost, repeated or reordered per sender under loss and repetition',
    (seed) => {
      const options = { size: 4, seed, loss: (seed % 6) / 10, repetition: 0.2 };
      const network = run(fifo, 30, options);
      if (options.loss > 0) expect(network.lost).toBeGreaterThan(0);
      expect(network.repeated).toBeGreaterThan(0);
      for (const delivered of network.delivered) {
        for (let sender = 0; sender < 4; sender += 1) {
          const expected = Array.from({ length: 30 }, (_, sequence) => `${sender}.${sequence}`);
          expect(bySender(delivered, sender)).toEqual(expected);
        }
      }
    },
  );

  test('without loss nothing is transmitted twice, and at most one acknowledgement goes back', () => {
    const network = run(fifo, 50, { size: 3, seed: 3, delayUsMax: 1_000 });
    const transmissions = 3 * 2 * 50;
    expect(network.sent).toBeGreaterThan(transmissions);
    expect(network.sent).toBeLessThanOrEqual(2 * transmissions);
  });

  test('a burst larger than the window arrives whole', () => {
    const network = new VirtualNetwork(fifo, { size: 2, seed: 4, loss: 0.05 });
    const burst = 2 * LINK_WINDOW;
    for (let sequence = 0; sequence < burst; sequence += 1) network.multicastAt(0, 0, sequence);
    expect(network.run(120_000_000)).toBe(true);
    expect(network.delivered[1]).toEqual(network.delivered[0]);
    expect(network.delivered[1]!.length).toBe(burst);
  });

  test('is idle again once everything is acknowledged, and holds nothing', () => {
    const network = run(fifo, 5, { size: 3, seed: 5, loss: 0.3 });
    for (const member of network.members) {
      expect(member.deadline).toBe(Infinity);
      expect(member.held).toBe(0);
    }
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

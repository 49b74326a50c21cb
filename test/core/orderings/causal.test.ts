import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { create } from '../../../core/orderings/causal.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { SimulatedRun, STEADY } from '../../support/simulated-run.ts';

/** A member of three, driven by hand over channels that neither lose nor reorder. */
function memberOfThree(self: number) {
  const delivered: string[] = [];
  const sent: Message[] = [];
  const links = [0, 0, 0];
  const member = create(
    { self, size: 3, random: () => 0 },
    {
      multicast: () => undefined,
      send: (_to, message) => sent.push(message),
      deliver: (message) => delivered.push(`${message.sender}.${message.sequence}`),
    },
  );
  const receive = (sender: number, sequence: number, vector: number[]) => {
    links[sender]! += 1;
    const message = new Message(Kind.data, sender, sequence, undefined, 0, 0, 0, 0, vector);
    member.receive(0, sender, message.onLink(links[sender]!));
  };
  return { member, delivered, sent, receive };
}

describe('causal', () => {
  test('an answer that overtakes its question waits for it', () => {
    const { member, delivered, receive } = memberOfThree(2);
    receive(1, 0, [1, 1, 0]);
    expect([delivered, member.held]).toEqual([[], 1]);
    receive(0, 0, [1, 0, 0]);
    expect([delivered, member.held]).toEqual([['0.0', '1.0'], 0]);
  });

  test('concurrent messages wait for nothing', () => {
    const { delivered, receive } = memberOfThree(2);
    receive(1, 0, [0, 1, 0]);
    receive(0, 0, [1, 0, 0]);
    expect(delivered).toEqual(['1.0', '0.0']);
  });

  test('one delivery can free several senders, in causal order', () => {
    const { member, delivered, receive } = memberOfThree(2);
    receive(1, 0, [2, 1, 0]);
    receive(1, 1, [2, 2, 0]);
    receive(0, 0, [1, 0, 0]);
    expect([delivered, member.held]).toEqual([['0.0'], 2]);
    receive(0, 1, [2, 0, 0]);
    expect(delivered).toEqual(['0.0', '0.1', '1.0', '1.1']);
  });

  test("a member's own entry counts its multicasts, and only those", () => {
    const { member, delivered, sent, receive } = memberOfThree(2);
    member.multicast(0, new Message(Kind.data, 2, 0));
    receive(0, 0, [1, 0, 1]);
    member.multicast(0, new Message(Kind.data, 2, 1));
    const vectors = sent.filter(({ kind }) => kind === Kind.data).map(({ vector }) => vector);
    expect(delivered).toEqual(['2.0', '0.0', '2.1']);
    expect(vectors).toEqual([
      [0, 0, 1],
      [0, 0, 1],
      [1, 0, 2],
      [1, 0, 2],
    ]);
  });

  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'seed %i: keeps what it declares under loss, repetition and reordering',
    (seed) => {
      const [peers, loss] = [2 + (seed % 7), (seed % 4) / 10];
      const network = { loss, repetition: 0.3 };
      const { result, guarantees } = new SimulatedRun(create, { peers, seed, network });
      expect(result.allDelivered).toBe(true);
      for (const name of ORDERINGS.get('causal')!.guarantees) {
        expect({ name, verdict: guarantees[name] }).toEqual({ name, verdict: { held: true } });
      }
      if (loss > 0) expect(result.faultsHappened.loss).toBeGreaterThan(0);
      expect(result.faultsHappened.repetition).toBeGreaterThan(0);
    },
  );

  test('is causal where fifo is not, and is no total order', () => {
    const broken = { causal: 0, fifo: 0, total: 0 };
    for (let seed = 0; seed < 10; seed += 1) {
      const shape = { messages: 20, seed };
      const causal = new SimulatedRun(create, shape).guarantees;
      const other = new SimulatedRun(ORDERINGS.get('fifo')!.create, shape).guarantees;
      if (causal.causal.held === false) broken.causal += 1;
      if (causal.total.held === false) broken.total += 1;
      if (other.causal.held === false) broken.fifo += 1;
    }
    expect(broken).toEqual({ causal: 0, fifo: 10, total: 10 });
  });

  test.each([2, 3, 4, 5, 6, 7, 8])(
    'costs n - 1 messages per multicast with %i members',
    (peers) => {
      const run = new SimulatedRun(create, { peers, network: STEADY });
      expect(run.packetsPerMulticast((kind) => kind !== Kind.linkAck)).toBe(peers - 1);
    },
  );
});

import { describe, expect, test } from '@jest/globals';
import type { Comparison } from '../../control/comparison-document.ts';
import { compareDeliveries } from '../../core/judge/comparison.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import type { GuaranteeName } from '../../core/guarantees.ts';
import { findingOf, findingOfObservations, type MessageId } from '../../diagram/finding.ts';

type Order = readonly (readonly [sender: number, sequence: number])[];

/** What a picture of these orders of delivery would show. */
function findingIn(orders: readonly Order[], messages: number, declared: GuaranteeName[] = []) {
  const logs = orders.map((order) => {
    const sequence = new DeliveredSequence();
    for (const [sender, number] of order) sequence.appendDelivery(sender, number);
    const rest = { multicasts: messages, multicastsNoted: false, correct: true, reportPlace: null };
    return { sequence, ...rest };
  });
  const disagreement = compareDeliveries(logs, messages);
  const perPeer = orders.map((_order, peer) => ({ standing: peer === 2 ? 'crashed' : 'reported' }));
  const comparison = { ...disagreement, peers: orders.length, declared, perPeer };
  const ids = orders.map((order) =>
    order.map(([sender, sequence]): MessageId => ({ sender, sequence })),
  );
  return findingOf(comparison as unknown as Comparison, ids);
}

describe('what a picture shows', () => {
  test('is the first position at which two peers differ', () => {
    const finding = findingIn(
      [
        [
          [0, 0],
          [1, 0],
          [0, 1],
          [1, 1],
        ],
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      ],
      2,
    );
    expect(finding).toEqual({
      sentence: 'Peer 0 delivered (0,1) before (1,1), peer 1 the other way round.',
      messages: [
        { sender: 0, sequence: 1 },
        { sender: 1, sequence: 1 },
      ],
      peers: [0, 1],
    });
  });

  test('does not claim opposite orders where a peer lacks one of the messages', () => {
    const { sentence } = findingIn(
      [
        [
          [0, 0],
          [1, 0],
        ],
        [[1, 0]],
      ],
      1,
    );
    expect(sentence).toBe('At position 0 peer 0 delivered (0,0), peer 1 (1,0).');
  });

  test('names who has nothing any more, and whether it left', () => {
    const all: Order = [
      [0, 0],
      [1, 0],
    ];
    expect(findingIn([all, [[0, 0]]], 1).sentence).toBe(
      'At position 1 peer 0 delivered (1,0), and peer 1 nothing any more.',
    );
    expect(findingIn([all, all, [[0, 0]]], 1).sentence).toBe(
      'At position 1 peer 0 delivered (1,0), and peer 2, which left no report, nothing any more.',
    );
    expect(findingIn([[], []], 1).sentence).toBe('No peer delivered anything.');
  });

  test('is a declared guarantee that was broken, before anything else', () => {
    const orders: Order[] = [
      [
        [0, 1],
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      [
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
    ];
    expect(findingIn(orders, 2).messages[1]).toEqual({ sender: 1, sequence: 0 });
    const { sentence, messages } = findingIn(orders, 2, ['fifo']);
    expect(sentence).toMatch(/^Peer 0 delivered \(0,1\) /);
    expect(messages.map(({ sender }) => sender)).toEqual([0, 0]);
  });

  test('is how an order came about where all agree', () => {
    const order: Order = [
      [1, 0],
      [1, 1],
      [0, 0],
      [0, 1],
    ];
    expect(findingIn([order, order], 2)).toEqual({
      sentence: 'All 2 peers delivered the same 4 messages in the same order.',
      messages: [
        { sender: 1, sequence: 0 },
        { sender: 0, sequence: 0 },
      ],
      peers: [],
    });
  });

  test('is one line and two messages, however much a counterexample says', () => {
    const observations = [0, 1, 2].map((sequence) => ({
      peer: 0,
      sender: 0,
      sequence,
      position: sequence,
    }));
    const finding = findingOfObservations('it threw at (0, 1):\nand a stack', observations);
    expect(finding.sentence).toBe('It threw at (0,1):');
    expect(finding.messages).toHaveLength(2);
  });
});

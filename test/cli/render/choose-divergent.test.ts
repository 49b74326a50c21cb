import { describe, expect, test } from '@jest/globals';
import { chooseDivergent } from '../../../cli/render/choose-divergent.ts';

/** What each peer delivered: message 0 of that sender, or nothing. */
function deliveries(...senders: readonly (number | null)[]) {
  return senders.map((sender, peer) => ({
    peer,
    message: sender === null ? null : { sender, sequence: 0 },
  }));
}

const peersOf = (...senders: readonly (number | null)[]): number[] =>
  chooseDivergent(deliveries(...senders)).map(({ peer }) => peer);

describe('of the peers that disagree', () => {
  test('all of a small group are shown', () => {
    expect(peersOf(...Array<number>(16).fill(3))).toHaveLength(16);
  });

  test('eight of a large group are, among them one for each message', () => {
    const senders: (number | null)[] = Array.from({ length: 64 }, () => 7);
    senders[40] = 9;
    senders[63] = null;
    expect(peersOf(...senders)).toEqual([0, 1, 2, 3, 4, 5, 40, 63]);
    const own = Array.from({ length: 64 }, (_, peer) => peer);
    expect(peersOf(...own)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

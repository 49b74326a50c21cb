import { describe, expect, test } from '@jest/globals';
import { compareDeliveries } from '../../../core/judge/comparison.ts';
import { contentOf, type MulticastContents } from '../../../core/records/content.ts';
import { bytesOf, logOf, type Event, type LogOptions } from './logs.ts';

const PAYLOADS: Readonly<Record<string, string>> = {
  '0 0': 'red',
  '0 1': 'green',
  '1 0': 'blue',
  '1 1': 'a content of more than eight bytes',
};
const CONTENTS: MulticastContents = {
  of: (sender, sequence) => contentOf(bytesOf(PAYLOADS[`${sender} ${sequence}`]!)),
};
const MARK: Event = 'multicast';

function integrityOf(logs: readonly (readonly Event[])[], options: LogOptions = {}) {
  const noted = { multicastsNoted: true, contentsNoted: true, multicasts: 2, ...options };
  const disagreement = compareDeliveries(
    logs.map((events) => logOf(events, noted)),
    2,
    CONTENTS,
  );
  const { held, counterexample } = disagreement.guarantees.integrity;
  return { held, text: counterexample?.text, observations: counterexample?.observations };
}

describe('contents', () => {
  const sent: Event[] = [MARK, MARK];

  test('that are right take no note, and hold', () => {
    expect(integrityOf([[...sent, [0, 0]], sent]).held).toBe(true);
  });

  test('that were lost are told beside what was multicast', () => {
    const { text, observations } = integrityOf([
      [...sent, [0, 0]],
      [...sent, [0, 0, '']],
    ]);
    expect(text).toBe(
      'peer 1 delivered (0, 0) at position 0 with no bytes; ' +
        'peer 0 multicast it with 3 bytes 726564 (hash 89e9be1960f4c21c)',
    );
    expect(observations).toEqual([{ peer: 1, sender: 0, sequence: 0, position: 0 }]);
  });

  test('of another message are called so', () => {
    const swapped: Event[] = [...sent, [0, 0, 'green'], [0, 1, 'red']];
    expect(integrityOf([[...sent, [0, 0], [0, 1]], swapped]).text).toMatch(
      /^peer 1 delivered \(0, 0\) at position 0 with 5 bytes 677265656e \(.*\), the content of \(0, 1\)/,
    );
  });

  test('that agree in length and beginning are told apart by their hash', () => {
    const almost = 'a content of more than eight BYTES';
    expect(integrityOf([[...sent, [1, 1, almost]], sent]).text).toMatch(
      /with 34 bytes 6120636f6e74656e\.\.\. \(hash .*\); peer 1 multicast it with 34 bytes 6120636f6e74656e\.\.\./,
    );
  });

  test('are not believed to be wrong because a peer says so', () => {
    expect(integrityOf([[...sent, [0, 0, 'red']], sent]).held).toBe(true);
  });

  test('are not judged where they are not known', () => {
    const logs = [[...sent, [0, 0, 'grey'] as const], sent];
    expect(integrityOf(logs, { contentsNoted: false }).held).toBe(true);
    const { guarantees, tallies } = compareDeliveries(
      logs.map((events) => logOf(events, { contentsNoted: true })),
      2,
    );
    expect(guarantees.integrity.held).toBe(true);
    expect(tallies.map(({ altered }) => altered)).toEqual([null, null]);
  });

  test('of what nobody multicast do not matter', () => {
    expect(integrityOf([[...sent, [7, 7, 'grey']], sent]).text).toMatch(/which nobody multicast$/);
  });
});

describe('a delivery before its multicast', () => {
  test('of its own is known to a peer', () => {
    expect(integrityOf([[MARK, [0, 1], MARK], [MARK]]).text).toBe(
      'peer 0 delivered (0, 1) at position 0, before it multicast it',
    );
    expect(integrityOf([[MARK, MARK, [0, 1]], [MARK]]).held).toBe(true);
  });

  test('is known of others to whoever saw both', () => {
    const logs: Event[][] = [[MARK], [MARK, [0, 0]]];
    expect(integrityOf(logs, { firstPremature: null }).held).toBe(true);
    const [first, second] = logs.map((events) => logOf(events, { multicastsNoted: true }));
    const seen = compareDeliveries([first!, { ...second!, firstPremature: 0 }], 2).guarantees
      .integrity;
    expect(seen.counterexample?.text).toBe(
      'peer 1 delivered (0, 0) at position 0, before peer 0 multicast it',
    );
  });

  test('follows from two peers that each delivered before they multicast', () => {
    const logs: Event[][] = [
      [[1, 0], MARK],
      [[0, 0], MARK],
    ];
    expect(integrityOf(logs, { multicasts: 1 })).toEqual({
      held: false,
      text:
        'peer 0 delivered (1, 0) before it multicast (0, 0); peer 1 delivered (0, 0) before it ' +
        'multicast (1, 0): one of these was delivered before it was multicast',
      observations: [
        { peer: 0, sender: 1, sequence: 0, position: 0 },
        { peer: 1, sender: 0, sequence: 0, position: 0 },
      ],
    });
  });

  test('follows from what a peer multicast after it, though its own place is not noted', () => {
    const logs: Event[][] = [[[0, 1], MARK], [MARK]];
    expect(integrityOf(logs).text).toBe('peer 0 delivered (0, 1) before it multicast (0, 1)');
  });

  test('is never taken from logs that do not tell when their peers multicast', () => {
    const logs: Event[][] = [[[1, 0], MARK], [[0, 0]]];
    expect(integrityOf(logs, { multicastsNoted: false }).held).toBe(true);
  });
});

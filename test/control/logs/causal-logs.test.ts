import { describe, expect, test } from '@jest/globals';
import { compareTexts, verdicts } from './judged-logs.ts';

describe('causal order', () => {
  const lines = (...logs: string[]) =>
    compareTexts(
      logs.map((log) => log.split(', ').join('\n')),
      {},
      logs.map((_, log) => `${log + 1}.output`),
    );

  test('is judged from broadcasts among the deliveries', () => {
    const held = lines('b 1, d 1 1, d 2 1', 'd 1 1, b 1, d 2 1', 'd 1 1, d 2 1');
    expect(held.guarantees.causal.held).toBe(true);
    const broken = lines('b 1, d 1 1, d 2 1', 'd 1 1, b 1, d 2 1', 'd 2 1, d 1 1');
    expect(broken.guarantees.causal).toMatchObject({
      held: false,
      counterexample: {
        text: 'peer 3 delivered (2, 1) at position 0 and (1, 1), which causally precedes it, only at 1',
      },
    });
  });

  test('and from where this project’s own logs note multicasts', () => {
    const origin = '{"deliveries": [[0,0],[1,0]], "deliveredBefore": [0]}';
    const reply = '{"deliveries": [[0,0],[1,0]], "deliveredBefore": [1]}';
    const reader = (deliveries: string) => `{"deliveries": ${deliveries}, "deliveredBefore": []}`;
    const causal = (deliveries: string) =>
      compareTexts([origin, reply, reader(deliveries)]).guarantees.causal.held;
    expect([causal('[[0,0],[1,0]]'), causal('[[1,0],[0,0]]')]).toEqual([true, false]);
  });

  test('is open where it is not known whose multicasts they are', () => {
    const log = 'b 1\nd 5001 1\nd 5002 1\n';
    const { guarantees } = compareTexts([log, log], {}, ['a.output', 'b.output']);
    expect(guarantees.causal).toEqual({
      held: null,
      reason: 'it is not known whose log is whose; --senders tells it',
    });
  });

  test('what a log says to have multicast counts, even if nobody delivered it', () => {
    const { guarantees, rounds: all } = lines('b 1, b 2, d 1 1, d 2 1', 'b 1, d 1 1, d 2 1');
    expect([guarantees.validity.held, all]).toEqual([false, 3]);
    expect(guarantees.validity.counterexample?.text).toBe(
      'peer 1 multicast (1, 2) and never delivered it',
    );
    const invented = lines('b 1, d 1 1, d 2 1, d 2 2', 'b 1, d 1 1, d 2 1, d 2 2').guarantees;
    expect(invented.integrity.counterexample?.text).toContain(
      'delivered (2, 2) at position 2, which nobody',
    );
  });

  test('of a crashed peer its lost broadcasts are not held against those who delivered them', () => {
    const texts = ['b 1\nd 1 1\nd 2 1\nd 2 2\n', 'b 1\nd 2 1\n', 'd 1 1\nd 2 1\nd 2 2\n'];
    const names = ['1.output', '2.output', '3.output'];
    expect(compareTexts(texts, {}, names).guarantees.integrity.held).toBeNull();
    expect(verdicts(compareTexts(texts, { crashed: ['2'] }, names))).toEqual({
      broken: ['gapFree'],
      open: ['causal'],
    });
  });

  test('numbers that do not grow with the broadcasts are refused', () => {
    expect(() => lines('b 2, b 1, d 1 1', 'd 1 1')).toThrow(
      '1.output, line 2, column 1: found a multicast of message 1 after that of 2',
    );
  });
});

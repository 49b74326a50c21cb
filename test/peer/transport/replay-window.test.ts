import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { REPLAY_WINDOW, ReplayWindow } from '../../../peer/transport/replay-window.ts';

describe('the replay window', () => {
  test('accepts each number once, in any order within the window', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: REPLAY_WINDOW - 64 }), { maxLength: 200 });
    fc.assert(
      fc.property(numbers, (packets) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        for (const packet of packets) {
          expect(window.accept(packet)).toBe(!seen.has(packet));
          seen.add(packet);
        }
      }),
    );
  });

  test('never accepts a number twice, however far the numbers jump', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 300 });
    fc.assert(
      fc.property(numbers, (packets) => {
        const window = new ReplayWindow();
        const accepted = packets.filter((packet) => window.accept(packet));
        expect(new Set(accepted).size).toBe(accepted.length);
        expect(accepted).not.toContain(0);
      }),
    );
  });

  test('a number older than the window counts as seen; a newer one never does', () => {
    const window = new ReplayWindow();
    expect(window.accept(REPLAY_WINDOW * 3)).toBe(true);
    expect(window.accept(1)).toBe(false);
    expect(window.accept(REPLAY_WINDOW * 2 + 33)).toBe(true);
    expect(window.accept(0xffff_ffff)).toBe(true);
  });
});

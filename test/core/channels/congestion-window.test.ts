import { describe, expect, test } from '@jest/globals';
import {
  CongestionWindow,
  LINK_WINDOW,
  WINDOW_MIN,
} from '../../../core/channels/congestion-window.ts';

/** A window after this many arrivals, one by one, on a channel that uses all of it. */
function grown(arrivals: number): CongestionWindow {
  const window = new CongestionWindow();
  for (let count = 0; count < arrivals; count += 1) window.arrived(1, window.size);
  return window;
}

describe('a congestion window', () => {
  test('doubles in each round trip at first, up to its limit', () => {
    const { size } = new CongestionWindow();
    expect(grown(size).size).toBe(2 * size);
    expect(grown(2 * LINK_WINDOW).size).toBe(LINK_WINDOW);
  });

  test('does not grow on a channel that has no use for it', () => {
    const window = new CongestionWindow();
    const { size } = window;
    for (let count = 0; count < 1_000; count += 1) window.arrived(1, size - 1);
    expect(window.size).toBe(size);
  });

  test('is halved by a loss, once for all that were under way with it, and then grows by one a round', () => {
    const window = grown(896);
    expect(window.size).toBe(1_024);
    window.lost(1_300, 1_400);
    window.lost(1_310, 1_405);
    window.lost(1_400, 1_410);
    expect(window.size).toBe(512);
    for (let count = 0; count < 512; count += 1) window.arrived(1, window.size);
    expect(window.size).toBeGreaterThan(512.9);
    expect(window.size).toBeLessThan(513.1);
    window.lost(1_401, 1_500);
    expect(window.size).toBeLessThan(257);
  });

  test('falls to its least when timeouts pass, and is soon back at half', () => {
    const window = grown(640);
    window.expired();
    expect(window.size).toBe(WINDOW_MIN);
    for (let count = 0; count < 384; count += 1) window.arrived(1, window.size);
    expect(window.size).toBeGreaterThan(380);
    expect(window.size).toBeLessThan(390);
  });

  test('is what it was when all that seemed lost was only late', () => {
    const window = grown(640);
    const { size } = window;
    for (const number of [1_000, 1_001, 1_002]) window.lost(number, 1_500);
    expect(window.size).toBe(size / 2);
    window.onlyLate(1_000);
    window.onlyLate(1_001);
    expect(window.size).toBe(size / 2);
    window.onlyLate(1_002);
    expect(window.size).toBe(size);
  });

  test('stays halved when only some of it was late', () => {
    const window = grown(640);
    const { size } = window;
    for (const number of [1_000, 1_001]) window.lost(number, 1_500);
    window.onlyLate(1_000);
    window.lost(2_000, 2_500);
    window.onlyLate(2_000);
    // The second congestion was none; the first one was.
    expect(window.size).toBe(size / 2);
  });

  test('is halved by a loss among those after which an answer was taken back', () => {
    const window = grown(640);
    const { size } = window;
    window.lost(1_000, 1_500);
    window.onlyLate(1_000);
    window.lost(1_200, 1_500);
    expect(window.size).toBe(size / 2);
  });

  test('stays as it is when a message of an earlier congestion was only late', () => {
    const window = grown(640);
    const { size } = window;
    window.lost(1_000, 1_500);
    window.lost(2_000, 2_500);
    window.onlyLate(1_000);
    expect(window.size).toBe(size / 4);
    window.onlyLate(2_000);
    expect(window.size).toBe(size / 2);
  });

  test('stays at its least after timeouts, whatever was only late', () => {
    const window = grown(640);
    window.lost(1_000, 1_500);
    window.expired();
    window.onlyLate(1_000);
    expect(window.size).toBe(WINDOW_MIN);
  });

  test('never falls below its least, however much is lost', () => {
    const window = new CongestionWindow();
    for (let number = 1; number < 100; number += 1) window.lost(number * 10, number * 10 + 5);
    expect(window.size).toBe(WINDOW_MIN);
  });
});

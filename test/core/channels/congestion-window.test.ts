import { describe, expect, test } from '@jest/globals';
import { CongestionWindow, LINK_WINDOW } from '../../../core/channels/congestion-window.ts';

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
    const window = grown(192);
    expect(window.size).toBe(256);
    window.lost(300, 400);
    window.lost(310, 405);
    window.lost(400, 410);
    expect(window.size).toBe(128);
    for (let count = 0; count < 128; count += 1) window.arrived(1, window.size);
    expect(window.size).toBeGreaterThan(128.9);
    expect(window.size).toBeLessThan(129.1);
    window.lost(401, 500);
    expect(window.size).toBeLessThan(65);
  });

  test('falls to its least when a timeout passes, and is soon back at half', () => {
    const window = grown(192);
    window.expired(300, 400);
    const least = window.size;
    expect(least).toBeLessThanOrEqual(32);
    for (let count = 0; count < 128; count += 1) window.arrived(1, window.size);
    expect(window.size).toBeGreaterThan(120);
    expect(window.size).toBeLessThan(130);
  });

  test('never falls below its least, however much is lost', () => {
    const window = new CongestionWindow();
    for (let number = 1; number < 100; number += 1) window.lost(number * 10, number * 10 + 5);
    expect(window.size).toBe(32);
  });
});

import { describe, expect, test } from '@jest/globals';
import { Pacer } from '../../../peer/run/flow/pacer.ts';

const MS = 1_000;

/** How many datagrams leave at `now`, of those that are asked for. */
function leaving(pacer: Pacer, now: number, asked = 1_000): number {
  let count = 0;
  for (; count < asked && pacer.admits(now); count += 1) pacer.sent(now);
  return count;
}

describe('a pacer', () => {
  test('holds up nothing to a receiver that is no path away', () => {
    const pacer = new Pacer();
    expect(leaving(pacer, 0)).toBe(1_000);
    pacer.set(0, 100 * MS, 10);
    pacer.set(0, 0, 10);
    expect(leaving(pacer, 1)).toBe(1_000);
  });

  test('lets ten leave at once, and then a quarter more than the window a round trip', () => {
    const pacer = new Pacer();
    pacer.set(0, 100 * MS, 40);
    expect(leaving(pacer, 0)).toBe(10);
    let left = 0;
    for (let now = MS; now <= 1_000 * MS; now += MS) left += leaving(pacer, now);
    expect(left).toBe(500);
  });

  test('lets no more than ten leave after whatever time in which nothing was to leave', () => {
    const pacer = new Pacer();
    pacer.set(0, 100 * MS, 50);
    leaving(pacer, 0);
    expect(leaving(pacer, 60_000 * MS)).toBe(10);
  });

  test('asks to be woken when half a burst may leave, which does', () => {
    const pacer = new Pacer();
    pacer.set(0, 100 * MS, 40);
    leaving(pacer, 0);
    expect(pacer.nextAt).toBe(10 * MS);
    expect(leaving(pacer, pacer.nextAt)).toBe(5);
    expect(pacer.nextAt).toBe(20 * MS);
  });

  test('follows a window that grows, and a round trip that was long once', () => {
    const pacer = new Pacer();
    pacer.set(0, 100 * MS, 50);
    leaving(pacer, 0);
    pacer.set(0, 100 * MS, 800);
    expect(leaving(pacer, MS)).toBe(10);
    pacer.set(MS, 60_000 * MS, 800);
    pacer.set(2 * MS, 100 * MS, 800);
    expect(leaving(pacer, 3 * MS)).toBe(10);
  });
});

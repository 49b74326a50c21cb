import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../core/base/random.ts';
import { Turns } from '../../../peer/run/turns.ts';
import { VirtualProcess } from '../../../bench/virtual-group/virtual-process.ts';
import { VirtualTime } from '../../../bench/virtual-group/virtual-time.ts';

/** A process that takes `datagramUs` for each datagram, and when it settled, in milliseconds. */
function processWith(datagramUs: number) {
  const time = new VirtualTime();
  const process = new VirtualProcess(0, [], time, createRandom(1));
  const settledMs: number[] = [];
  const turns = new Turns(process, () => void settledMs.push(Math.round(time.nowUs / 1_000)));
  process.onDatagram = () => {
    process.spend(datagramUs);
    turns.tookDatagrams();
  };
  const arrive = (atUs: number, count: number) =>
    time.at(atUs, () => {
      for (let number = 0; number < count; number += 1) process.arrive(new Uint8Array(100));
    });
  const pass = (untilUs: number) => {
    while (time.step(untilUs));
    return settledMs;
  };
  return { turns, process, arrive, pass };
}

describe('the turns in which a session settles', () => {
  test('one is enough for all that happens in it', () => {
    const { turns, process, pass } = processWith(0);
    process.after(5, () => {
      for (let count = 0; count < 3; count += 1) turns.settleSoon();
    });
    expect(pass(1_000_000)).toEqual([5]);
  });

  test('each datagram is settled at once while there is time for it', () => {
    const { arrive, pass } = processWith(100);
    for (let at = 1; at <= 4; at += 1) arrive(at * 10_000, 1);
    expect(pass(1_000_000)).toEqual([10, 20, 30, 40]);
  });

  test('a member that falls behind settles the more rarely the longer it is behind', () => {
    const { arrive, pass } = processWith(1_000);
    arrive(0, 1_500);
    const settled = pass(3_000_000);
    const pauses = settled.map((at, index) => at - (settled[index - 1] ?? 0));
    expect(settled.length).toBeLessThan(20);
    expect(Math.max(...pauses)).toBeGreaterThan(90);
    // A tenth of a second, and the turn under way: answers may be late, but not forgotten.
    expect(Math.max(...pauses)).toBeLessThan(170);
  });

  test('and at once again when it has caught up', () => {
    const { arrive, pass } = processWith(1_000);
    arrive(0, 500);
    arrive(800_000, 1);
    arrive(810_000, 1);
    expect(pass(1_000_000).slice(-2)).toEqual([800, 810]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../core/base/random.ts';
import { Alarm } from '../../../peer/run/alarm.ts';
import { VirtualProcess } from '../../../bench/virtual-group/virtual-process.ts';
import { VirtualTime } from '../../../bench/virtual-group/virtual-time.ts';

/** An alarm on a virtual clock that counts its timers, and when it rang, in microseconds. */
function watched() {
  const time = new VirtualTime();
  const process = new VirtualProcess(0, [], time, createRandom(1));
  const rangUs: number[] = [];
  const delaysMs: number[] = [];
  const clock = {
    monotonicUs: process.monotonicUs,
    wallMs: process.wallMs,
    processorUs: process.processorUs,
    soon: process.soon,
    after: (delayMs: number, wake: () => void) => {
      delaysMs.push(delayMs);
      return process.after(delayMs, wake);
    },
  };
  const alarm = new Alarm(clock, () => void rangUs.push(time.nowUs));
  const pass = (untilUs: number) => {
    while (time.step(untilUs));
    return rangUs;
  };
  return { alarm, process, delaysMs, pass };
}

describe('an alarm', () => {
  test('rings once, at the time that it was set for', () => {
    const { alarm, delaysMs, pass } = watched();
    alarm.set(4_500);
    expect(pass(1_000_000)).toEqual([5_000]);
    expect(delaysMs).toEqual([5]);
  });

  test('needs no timer for what is due: it rings within the same moment, not in a millisecond', () => {
    const { alarm, process, delaysMs, pass } = watched();
    process.after(3, () => alarm.set(2_000));
    expect(pass(1_000_000)).toEqual([3_000]);
    expect(delaysMs).toEqual([]);
  });

  test('keeps the earliest of the times that it is set for', () => {
    const { alarm, delaysMs, pass } = watched();
    for (const wakeAt of [9_000, 20_000, 9_000, 5_000, 7_000]) alarm.set(wakeAt);
    expect(pass(1_000_000)).toEqual([5_000]);
    expect(delaysMs).toEqual([9, 5]);
  });

  test('rings no more once it is off, and can be set again', () => {
    const { alarm, process, pass } = watched();
    process.after(1, () => {
      alarm.set(0);
      alarm.off();
      alarm.set(8_000);
      alarm.off();
      alarm.set(Infinity);
    });
    process.after(10, () => alarm.set(12_000));
    expect(pass(1_000_000)).toEqual([12_000]);
  });
});

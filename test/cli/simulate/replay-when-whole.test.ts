import { expect, test } from '@jest/globals';
import { replayWhenWhole } from '../../../cli/simulate/replay-when-whole.ts';
import { EventLog } from '../../../core/records/event-log.ts';

const { signal } = new AbortController();

/** A recording that grows by an event at each reading, and comes back whole when it has `whole`. */
function growing(whole: number, readingsMax: number) {
  const log = new EventLog();
  let [readings, waits] = [0, 0];
  const recording = {
    read: () => {
      readings += 1;
      if (readings % 2 === 1) log.multicast(readings, 0, readings);
      const copy = new EventLog();
      for (const event of log.events) copy.add(event);
      return Promise.resolve([copy]);
    },
    replay: (logs: readonly EventLog[]) => {
      const { length } = logs[0]!.events;
      return { choices: [], departs: length < whole ? `there are ${length}` : null };
    },
    mayGrow: () => readings < readingsMax,
    onWait: () => (waits += 1),
    signal,
  };
  return { recording, seen: () => ({ readings, waits }) };
}

test('a recording that is whole is read once', async () => {
  const { recording, seen } = growing(1, 10);
  expect((await replayWhenWhole(recording, 0)).departs).toBeNull();
  expect(seen()).toEqual({ readings: 1, waits: 0 });
});

test('a recording that peers still upload is waited for', async () => {
  const { recording, seen } = growing(3, 10);
  expect((await replayWhenWhole(recording, 0)).departs).toBeNull();
  expect(seen()).toEqual({ readings: 5, waits: 1 });
});

test('a recording that does not become whole in time comes back as far as it is known', async () => {
  const { recording, seen } = growing(100, 5);
  expect((await replayWhenWhole(recording, 0)).departs).toBe('there are 3');
  expect(seen()).toEqual({ readings: 5, waits: 1 });
});

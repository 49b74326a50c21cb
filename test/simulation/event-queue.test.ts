import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '../../core/base/random.ts';
import { Kind, Message } from '../../core/message.ts';
import { EventQueue, TIME_US_MAX } from '../../simulation/run/event-queue.ts';

interface Entry {
  readonly at: number;
  readonly order: number;
}

/** Delays of every magnitude, so that all wheels and the borders between their blocks are met. */
const delays = fc.oneof(
  fc.nat(3),
  fc.nat(3_000),
  fc.nat(5_000_000),
  fc.nat(600_000_000),
  fc.constantFrom(2_047, 2_048, 2_049, (1 << 22) - 1, 1 << 22),
);
const actions = fc.array(fc.oneof(delays, fc.constant(-1), fc.constant(-1)), { maxLength: 400 });

/** The definition: a list, sorted by time and then by the order of pushing. */
function popNaively(waiting: Entry[]): Entry | undefined {
  waiting.sort((one, other) => one.at - other.at || one.order - other.order);
  return waiting.shift();
}

function popFrom(queue: EventQueue): Entry | undefined {
  return queue.pop() ? { at: queue.at, order: queue.first * 0x1_0000 + queue.second } : undefined;
}

describe('the event queue', () => {
  test('gives what a sorted list gives, whatever is pushed and popped in between', () => {
    fc.assert(
      fc.property(actions, (drawn) => {
        const [queue, waiting]: [EventQueue, Entry[]] = [new EventQueue(), []];
        let order = 0;
        for (const action of drawn) {
          if (action < 0) {
            expect(popFrom(queue)).toEqual(popNaively(waiting));
          } else if (queue.at + action <= TIME_US_MAX) {
            waiting.push({ at: queue.at + action, order });
            queue.push(queue.at + action, 1, order >>> 16, order & 0xffff, null);
            order += 1;
          }
          expect(queue.length).toBe(waiting.length);
        }
        while (waiting.length > 0) expect(popFrom(queue)).toEqual(popNaively(waiting));
        expect(queue.pop()).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps thousands of events of one time in the order in which they were pushed', () => {
    const queue = new EventQueue();
    for (let number = 0; number < 5_000; number += 1) queue.push(70_000, 7, number, 1, null);
    for (let number = 0; number < 5_000; number += 1) {
      expect(queue.pop()).toBe(true);
      expect([queue.at, queue.kind, queue.first, queue.second]).toEqual([70_000, 7, number, 1]);
    }
  });

  test('keeps the order of crowded days when it divides them', () => {
    const [queue, times]: [EventQueue, number[]] = [new EventQueue(), []];
    const random = createRandom(1);
    for (let number = 0; number < 20_000; number += 1) {
      const at = Math.floor(random() * 5_000);
      times.push(at * 0x1_0000 + number);
      queue.push(at, 1, 0, number, null);
    }
    const popped: number[] = [];
    while (queue.pop()) popped.push(queue.at * 0x1_0000 + queue.second);
    expect(popped).toEqual(times.sort((one, other) => one - other));
  });

  test('carries messages, and lets go of them', () => {
    const queue = new EventQueue();
    const message = new Message(Kind.data, 1, 2);
    queue.push(5, 1, 0, 1, message);
    queue.push(TIME_US_MAX, 2, 0, 0, null);
    expect(queue.pop()).toBe(true);
    expect(queue.message).toBe(message);
    expect(queue.pop()).toBe(true);
    expect([queue.at, queue.message]).toEqual([TIME_US_MAX, null]);
  });

  test('refuses a time that is over, and one beyond 32 bits', () => {
    const queue = new EventQueue();
    queue.push(10, 1, 0, 0, null);
    queue.pop();
    expect(() => queue.push(9, 1, 0, 0, null)).toThrow(/a time to come/);
    expect(() => queue.push(TIME_US_MAX + 1, 1, 0, 0, null)).toThrow(/71 minutes/);
    expect(() => queue.push(NaN, 1, 0, 0, null)).toThrow(/a time to come/);
  });
});

import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import { simulate } from '../../simulation/simulate.ts';
import { scenarioWith, unorderedWith } from './scenarios.ts';

/** What only members of one process could have: memory of the sender. */
const memory = { counter: 1 };

/** Whoever multicasts sends what is `made` as well; what came of it at the others. */
function receivedOf(made: () => Message): Message[] {
  const received: Message[] = [];
  const telling: Create = unorderedWith((inner, self, out) => ({
    multicast: (now, message) => {
      inner.multicast(now, message);
      if (self === 0 && message.sequence === 0) out.multicast(made());
    },
    receive: (now, from, message) => {
      if (message.kind === 240) received.push(message);
      else inner.receive(now, from, message);
    },
  }));
  const { failure } = simulate(telling, scenarioWith(), null, { strict: true });
  expect(failure).toBeNull();
  return received;
}

/** An array of bytes that says of itself that it has none. */
class Sly extends Uint8Array {
  override get length(): number {
    return 0;
  }
}

describe('what arrives at another member', () => {
  test('has the numbers and the bytes that were sent', () => {
    const sent = new Message(240, 1, 2, Uint8Array.of(9), 3, 4, 5, 6, [7, 8]);
    expect(receivedOf(() => sent)).toEqual([sent, sent]);
  });

  test('has nothing that was put on the vector or the payload', () => {
    const vector = Object.assign([1, 2], { memory });
    const payload = Object.assign(new Uint8Array(0), { memory });
    const [first] = receivedOf(() => new Message(240, 0, 0, payload).withVector(vector));
    expect(first!.vector).toEqual([1, 2]);
    expect([first!.vector, first!.payload].map((each) => 'memory' in each)).toEqual([false, false]);
  });

  test('has what a property said when it was sent, and not what it would say now', () => {
    const asked = { count: 0 };
    const computed = {
      enumerable: true,
      get: () => {
        asked.count += 1;
        return 5;
      },
    };
    const [first] = receivedOf(() => {
      const vector = Object.defineProperty([0], 0, computed);
      const made = new Message(240, 0, 0).withVector(vector);
      return Object.defineProperty(made, 'timestamp', computed);
    });
    const before = asked.count;
    expect([first!.timestamp, ...first!.vector, asked.count]).toEqual([5, 5, before]);
  });

  test('has bytes of its own, whatever the sent ones say of their length', () => {
    const bytes = new Sly(4);
    const [first, second] = receivedOf(() => new Message(240, 0, 0, bytes));
    expect([first!.payload.length, second!.payload.length]).toEqual([4, 4]);
    expect(new Set([bytes.buffer, first!.payload.buffer, second!.payload.buffer]).size).toBe(3);
  });

  test('is as it was when it was sent to each, where its bytes are written to in between', () => {
    const received: number[] = [];
    const writing: Create = unorderedWith((inner, self, out) => ({
      multicast: (_now, { sequence }) => {
        if (self !== 0 || sequence > 0) return;
        const made = new Message(240, 0, 0, Uint8Array.of(1));
        out.send(1, made);
        made.payload[0] = 2;
        out.send(2, made);
      },
      receive: (now, from, message) => {
        if (message.kind === 240) received.push(message.payload[0]!);
        else inner.receive(now, from, message);
      },
    }));
    simulate(writing, scenarioWith(), null, { strict: true });
    expect(received).toEqual([1, 2]);
  });
});

test('what is delivered is read once, so that all who look at it see the same', () => {
  const seen: number[] = [];
  const lying: Create = unorderedWith((_inner, self, out) => ({
    multicast: (_now, { sequence, payload }) => {
      let asked = -1;
      const made = new Message(Kind.data, self, sequence, payload);
      const get = (): number => sequence + (asked += 1);
      out.deliver(Object.defineProperty(made, 'sequence', { get }));
    },
  }));
  const observer = {
    deliver: (_atUs: number, _member: number, { sequence }: Message) => void seen.push(sequence),
  };
  const { members } = simulate(lying, scenarioWith({ messages: 1 }), observer, { strict: true });
  expect(members.map(({ sequence }) => [...sequence.sequences])).toEqual([[0], [0], [0]]);
  expect(seen).toEqual([0, 0, 0]);
});

import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as client from '@google-cloud/pubsub';

class FakeStream extends EventEmitter {
  async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** Clients so far, in the order in which they were made. */
const clients: FakePubSub[] = [];
/** While it is set, creating a subscription fails with it. */
let refusal: Error | null = null;

/** Google's client as far as the bus uses it. */
class FakePubSub {
  streams = 0;
  isClosed = false;

  constructor() {
    clients.push(this);
  }

  topic(name: string) {
    const createSubscription = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      if (refusal !== null) throw refusal;
    };
    return { name, createSubscription, publishMessage: async () => undefined };
  }

  subscription() {
    this.streams += 1;
    return new FakeStream();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

jest.unstable_mockModule('@google-cloud/pubsub', () => ({ ...client, PubSub: FakePubSub }));
const { PubSubBus } = await import('../../gcp/pubsub-bus.ts');

beforeEach(() => {
  clients.length = 0;
  refusal = null;
});

describe('a new connection', () => {
  const hear = async () => undefined;

  async function busOfTwo() {
    const bus = new PubSubBus({ project: 'p', topic: 't' });
    const open = (name: string) => bus.subscribe(name, hear, () => undefined);
    return { bus, subscriptions: [await open('a'), await open('b')] };
  }

  test('is taken once for all who ask for it together', async () => {
    const { bus, subscriptions } = await busOfTwo();
    await Promise.all(subscriptions.map((subscription) => subscription.reopen()));
    expect(clients.map(({ streams, isClosed }) => [streams, isClosed])).toEqual([
      [2, true],
      [2, false],
    ]);
    await subscriptions[0]!.reopen();
    expect(clients).toHaveLength(3);
    await bus.close();
    expect(clients.every(({ isClosed }) => isClosed)).toBe(true);
  });

  test('that does not work leaves the one before, and the next to ask gets another', async () => {
    const { bus, subscriptions } = await busOfTwo();
    refusal = Object.assign(new Error('not now'), { code: 3 });
    const asked = subscriptions.map((subscription) => subscription.reopen());
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([false, true]);
    refusal = null;
    await subscriptions[1]!.reopen();
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    await bus.close();
  });
});

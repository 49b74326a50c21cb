import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { Subscription as Stream } from '@google-cloud/pubsub';
import { PubSubSubscription } from '../../gcp/pubsub-subscription.ts';
import { eventually } from '../support/eventually.ts';

/** A stream of messages that comes to its end when it is told to. */
class FakeStream extends EventEmitter {
  isClosed = false;

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

describe('a subscription whose stream broke', () => {
  test('is moved over while it is being mended: every stream but the newest is closed', async () => {
    const streams: FakeStream[] = [];
    let asked = 0;
    let letGo: () => void = () => undefined;
    const subscription = new PubSubSubscription({
      open: () => {
        const stream = new FakeStream();
        streams.push(stream);
        return stream as unknown as Stream;
      },
      ensure: () => {
        asked += 1;
        return new Promise((resolve) => (letGo = resolve));
      },
      handler: async () => undefined,
      onError: () => undefined,
      reconnect: async () => undefined,
      onClose: () => undefined,
    });
    streams[0]!.emit('error', new Error('the subscription is gone'));
    await eventually('it is being mended', () => asked === 1);
    await subscription.moveOver();
    letGo();
    await new Promise((resolve) => setImmediate(resolve));
    expect(streams.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    // The one that came instead is mended in its turn.
    streams[1]!.emit('error', new Error('gone again'));
    await eventually('it is being mended again', () => asked === 2);
    letGo();
    await eventually('a third stream is open', () => streams.length === 3);
    await subscription.close();
    expect(streams.every(({ isClosed }) => isClosed)).toBe(true);
  });
});

import { expect, test } from '@jest/globals';
import { LinkReceivers, WAITED_UNIT_US } from '../../../core/channels/link-receivers.ts';
import { Kind, Message } from '../../../core/message.ts';

const MS = 1_000;

test('an acknowledgement tells how long it waited since the latest message came', () => {
  const receivers = new LinkReceivers(0, 2);
  receivers.receive(10 * MS, 1, new Message(Kind.data, 1, 0).onLink(1));
  receivers.receive(50 * MS, 1, new Message(Kind.data, 1, 1).onLink(2));
  const dueAt = receivers.acknowledgeAt(1);
  expect(dueAt).toBe(110 * MS);
  expect(receivers.acknowledge(dueAt, 1).timestamp * WAITED_UNIT_US).toBe(60 * MS);
  receivers.receive(200 * MS, 1, new Message(Kind.data, 1, 3).onLink(4));
  expect(receivers.acknowledgeAt(1)).toBe(200 * MS);
  expect(receivers.acknowledge(200 * MS, 1)).toMatchObject({
    timestamp: 0,
    sequence: 2,
    vector: [2, 1],
  });
});

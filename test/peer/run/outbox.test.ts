import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { DATAGRAM_BYTES_DEFAULT, MESSAGES_BYTES_DEFAULT } from '../../../core/wire/datagram.ts';
import { messageSize } from '../../../core/wire/message-codec.ts';
import { Outbox } from '../../../peer/run/flow/outbox.ts';

function outboxOf(size: number) {
  const datagrams: { to: number[]; messages: readonly Message[] }[] = [];
  const refused = new Set<number>();
  const outbox = new Outbox(
    size,
    (receivers, messages) => {
      datagrams.push({ to: [...receivers], messages: [...messages] });
    },
    (to) => !refused.has(to),
    DATAGRAM_BYTES_DEFAULT,
  );
  return { outbox, datagrams, refused };
}

const data = (sequence: number, bytes = 0) =>
  new Message(Kind.data, 0, sequence, new Uint8Array(bytes));

describe('an outbox', () => {
  test('keeps messages until they are flushed, and then puts those to one member together', () => {
    const { outbox, datagrams } = outboxOf(3);
    const messages = [data(0), data(1), new Message(Kind.linkAck, 0, 7)];
    for (const message of messages) outbox.add(2, message);
    outbox.add(1, messages[0]!);
    expect(datagrams).toEqual([]);
    outbox.flush();
    expect(datagrams).toEqual([
      { to: [1], messages: [messages[0]] },
      { to: [2], messages },
    ]);
    outbox.flush();
    expect(datagrams).toHaveLength(2);
  });

  test('sends what fills a datagram at once, and never more than fits', () => {
    const { outbox, datagrams } = outboxOf(2);
    for (let sequence = 0; sequence < 100; sequence += 1) outbox.add(1, data(sequence, 100));
    outbox.flush();
    const sizes = datagrams.map(({ messages }) =>
      messages.reduce((sum, message) => sum + messageSize(message), 0),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MESSAGES_BYTES_DEFAULT);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(MESSAGES_BYTES_DEFAULT - 110);
    const order = datagrams.flatMap(({ messages }) => messages.map(({ sequence }) => sequence));
    expect(order).toEqual(Array.from({ length: 100 }, (_, sequence) => sequence));
  });

  test('one for more than 32 members is two datagrams, each for those of one half', () => {
    const { outbox, datagrams } = outboxOf(64);
    const message = data(0);
    for (let to = 1; to < 64; to += 1) outbox.add(to, message);
    outbox.flush();
    const halves = [
      Array.from({ length: 31 }, (_, place) => 1 + place),
      Array.from({ length: 32 }, (_, place) => 32 + place),
    ];
    expect(datagrams).toEqual(halves.map((to) => ({ to, messages: [message] })));
  });

  test('members for whom the same waits share a datagram', () => {
    const { outbox, datagrams } = outboxOf(4);
    const [message, equal] = [data(0), data(0)];
    for (const to of [1, 2]) outbox.add(to, message);
    // Equal messages are not enough: two datagrams are the same only if they hold the very same objects.
    outbox.add(3, equal);
    outbox.flush();
    expect(datagrams).toEqual([
      { to: [1, 2], messages: [message] },
      { to: [3], messages: [equal] },
    ]);
  });

  test('whoever has more to get in the same datagram has one of its own', () => {
    const { outbox, datagrams } = outboxOf(4);
    const [message, acknowledgement] = [data(0), new Message(Kind.linkAck, 0, 7)];
    for (const to of [1, 2, 3]) outbox.add(to, message);
    outbox.add(2, acknowledgement);
    outbox.flush();
    expect(datagrams).toEqual([
      { to: [1, 3], messages: [message] },
      { to: [2], messages: [message, acknowledgement] },
    ]);
  });

  test('full datagrams are shared as well, and each member gets everything in its order', () => {
    const { outbox, datagrams } = outboxOf(4);
    for (let sequence = 0; sequence < 100; sequence += 1) {
      const message = data(sequence, 100);
      for (const to of [1, 2, 3]) outbox.add(to, message);
    }
    outbox.flush();
    expect(datagrams.map(({ to }) => to)).toEqual(datagrams.map(() => [1, 2, 3]));
    const order = datagrams.flatMap(({ messages }) => messages.map(({ sequence }) => sequence));
    expect(order).toEqual(Array.from({ length: 100 }, (_, sequence) => sequence));
  });

  test('who has no room gets later what the others got together', () => {
    const { outbox, datagrams, refused } = outboxOf(4);
    const message = data(0);
    for (const to of [1, 2, 3]) outbox.add(to, message);
    refused.add(2);
    outbox.flush();
    expect([outbox.waits(1), outbox.waits(2)]).toEqual([false, true]);
    refused.clear();
    outbox.flush();
    expect(datagrams.map(({ to }) => to)).toEqual([[1, 3], [2]]);
  });

  test('what was added after the rest left or was dropped is not held back yet', () => {
    const { outbox, refused } = outboxOf(3);
    refused.add(1).add(2);
    for (const to of [1, 2]) outbox.add(to, data(0, 600));
    outbox.flush();
    expect([outbox.holdsBack(1), outbox.holdsBack(2)]).toEqual([true, true]);
    outbox.drop(1);
    outbox.add(1, data(1));
    refused.clear();
    // It fills the datagram that waits, which leaves at once.
    outbox.add(2, data(1, 600));
    expect([outbox.waits(1), outbox.waits(2)]).toEqual([true, true]);
    expect([outbox.holdsBack(1), outbox.holdsBack(2)]).toEqual([false, false]);
  });

  test('counts what leaves: data and the rest apart, each destination by itself', () => {
    const { outbox, refused } = outboxOf(4);
    const message = data(0);
    for (const to of [1, 2, 3]) outbox.add(to, message);
    outbox.add(1, new Message(Kind.heartbeat, 0, 0));
    expect([outbox.dataMessages, outbox.controlMessages]).toEqual([0, 0]);
    refused.add(3);
    outbox.flush();
    expect([outbox.dataMessages, outbox.controlMessages]).toEqual([2, 1]);
    outbox.drop(3);
    outbox.flush();
    expect([outbox.dataMessages, outbox.controlMessages]).toEqual([2, 1]);
  });

  test('refuses a message that fits no datagram', () => {
    const { outbox } = outboxOf(2);
    expect(() => outbox.add(1, data(0, MESSAGES_BYTES_DEFAULT))).toThrow('fits no datagram');
  });
});

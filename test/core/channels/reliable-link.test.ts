import { describe, expect, test } from '@jest/globals';
import { reliable } from '../../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';

/** Sends its message number 0 to member 2 alone, and multicasts every later one. */
const toOneThenToAll: Create = (_group, out) => ({
  multicast: (_now, message) => {
    if (message.sequence === 0) out.send(2, message);
    else out.multicast(message);
  },
  receive: () => undefined,
  advance: () => undefined,
  deadline: Infinity,
  held: 0,
});

describe('the copies of a multicast under the numbers of its channels', () => {
  test('are one for all channels that count alike, also around one that carried more', () => {
    const copies = new Map<number, Message>();
    const link = reliable(toOneThenToAll)(
      { self: 0, size: 5, random: () => 0 },
      {
        multicast: () => undefined,
        send: (to, message) => void copies.set(to, message),
        deliver: () => undefined,
      },
    );
    link.multicast(0, new Message(Kind.data, 0, 0));
    link.multicast(0, new Message(Kind.data, 0, 1));
    expect([...copies].map(([to, { link }]) => [to, link])).toEqual([
      [2, 2],
      [1, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(new Set(copies.values()).size).toBe(2);
  });
});

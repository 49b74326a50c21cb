import { describe, expect, test } from '@jest/globals';
import { reliable } from '../../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../../core/message.ts';
import { isFaultAware, type Create, type Out } from '../../../core/ordering.ts';

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

const NOWHERE: Out = {
  multicast: () => undefined,
  send: () => undefined,
  deliver: () => undefined,
};

test('what came early is held, unless it came from a member that seems dead', () => {
  const link = reliable(toOneThenToAll)({ self: 0, size: 3, random: () => 0 }, NOWHERE);
  if (!isFaultAware(link)) throw new Error('a link is told whom to suspect');
  link.receive(0, 1, new Message(Kind.data, 1, 1).onLink(2));
  link.receive(0, 2, new Message(Kind.data, 2, 2).onLink(3));
  expect(link.held).toBe(2);
  link.suspect(0, 1);
  link.suspect(0, 1);
  expect(link.held).toBe(1);
  link.trust(0, 1);
  expect(link.held).toBe(2);
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

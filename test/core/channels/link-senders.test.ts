import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WINDOW_MIN } from '../../../core/channels/congestion-window.ts';
import { WAITED_UNIT_US } from '../../../core/channels/link-receivers.ts';
import { LinkSenders } from '../../../core/channels/link-senders.ts';
import { Kind, Message } from '../../../core/message.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import type { Out } from '../../../core/ordering.ts';

const MS = 1_000;
/** The member to which the messages go. */
const TO = 1;

/** A sending end with `count` messages offered at 0, and the numbers that it transmitted, in order. */
function offering(count: number) {
  const sent: number[] = [];
  const network = { isFull: false };
  const out = {
    multicast: () => undefined,
    send: (_to: number, message: Message) => sent.push(message.link),
    deliver: () => undefined,
    holdsBack: () => network.isFull,
  };
  const senders = new LinkSenders(out, 2);
  for (let number = 1; number <= count; number += 1) {
    senders.offer(0, TO, new Message(Kind.data, 0, number).onLink(number));
  }
  /** What is transmitted by `until`, as the deadlines have it, and not before. */
  const pass = (until: number): number[] => {
    const from = sent.length;
    while (senders.deadline(TO) <= until) senders.advance(senders.deadline(TO), TO);
    return sent.slice(from);
  };
  return { senders, network, sent, pass };
}

describe('what waits for room in the window', () => {
  test('is counted, until there is room for it, or the other end seems dead', () => {
    const { senders } = offering(WINDOW_MIN + 3);
    expect([senders.queued(TO), senders.waiting]).toEqual([3, 3]);
    senders.suspend(TO);
    expect(senders.queued(TO)).toBe(0);
    senders.resume(10 * MS, TO);
    senders.acknowledge(20 * MS, TO, 1, []);
    expect([senders.queued(TO), senders.waiting]).toEqual([1, 1]);
  });
});

describe('a message that does not arrive', () => {
  test('is retransmitted after the timeout, and each time later', () => {
    const { pass } = offering(1);
    expect(pass(999 * MS)).toEqual([]);
    expect(pass(1_000 * MS)).toEqual([1]);
    // The first timeout only asks; the second is as long, and the third twice as long.
    expect(pass(1_999 * MS)).toEqual([]);
    expect(pass(2_000 * MS)).toEqual([1]);
    expect(pass(3_999 * MS)).toEqual([]);
    expect(pass(4_000 * MS)).toEqual([1]);
  });

  test('is not taken for lost while it waits at its own member for room', () => {
    const { network, pass } = offering(3);
    network.isFull = true;
    expect(pass(30_000 * MS)).toEqual([]);
    network.isFull = false;
    expect(pass(31_000 * MS)).toEqual([1, 2, 3]);
  });

  test('is one of few that are retransmitted, where nothing arrives', () => {
    const { senders, pass } = offering(2_000);
    for (let number = 1; number <= 500; number += 1) senders.acknowledge(100 * MS, TO, number, []);
    expect(pass(400 * MS)).toHaveLength(WINDOW_MIN);
  });

  test('is retransmitted once a later one arrived and it had time to, whether anything else arrives or not', () => {
    const { senders, sent, pass } = offering(5);
    senders.acknowledge(100 * MS, TO, 1, []);
    const before = sent.length;
    senders.acknowledge(101 * MS, TO, 1, [2, 1]);
    expect(pass(125 * MS)).toEqual([]);
    expect(pass(140 * MS)).toEqual([2]);
    expect(sent.slice(before)).toEqual([2]);
  });

  test('is not waited for longer because the acknowledgement waited', () => {
    const { senders, sent } = offering(3);
    senders.acknowledge(200 * MS, TO, 1, [], 100 * MS);
    const before = sent.length;
    senders.acknowledge(201 * MS, TO, 1, [2, 1], 100 * MS);
    expect(sent.slice(before)).toEqual([2]);
  });

  test('is found again when the retransmission is lost, by what was transmitted after that', () => {
    const { senders, sent, pass } = offering(3);
    senders.acknowledge(100 * MS, TO, 1, [2, 1]);
    expect(pass(126 * MS)).toEqual([2]);
    const again = sent.length;
    senders.offer(130 * MS, TO, new Message(Kind.data, 0, 4).onLink(4));
    senders.acknowledge(230 * MS, TO, 1, [2, 2]);
    expect(sent.slice(again)).toEqual([4]);
    expect(pass(255 * MS)).toEqual([2]);
  });

  test('is found by a retransmission that arrives although it was sent later, where it is the last', () => {
    const { senders, sent, pass } = offering(2);
    senders.acknowledge(100 * MS, TO, 0, [2, 1]);
    senders.offer(110 * MS, TO, new Message(Kind.data, 0, 3).onLink(3));
    expect(pass(130 * MS)).toEqual([1]);
    const again = sent.length;
    senders.acknowledge(230 * MS, TO, 2, []);
    expect(pass(250 * MS)).toEqual([3]);
    expect(sent.slice(again)).toEqual([3]);
  });

  test('is waited for from its own transmission on, when the one before it arrives', () => {
    const { senders, pass } = offering(1);
    senders.acknowledge(100 * MS, TO, 1, []);
    senders.offer(1_000 * MS, TO, new Message(Kind.data, 0, 2).onLink(2));
    senders.offer(1_090 * MS, TO, new Message(Kind.data, 0, 3).onLink(3));
    senders.acknowledge(1_100 * MS, TO, 2, []);
    const timeoutUs = 100 * MS + 4 * 18_750 + 100 * MS;
    expect(pass(1_090 * MS + timeoutUs - 1)).toEqual([]);
    expect(pass(1_090 * MS + timeoutUs)).toEqual([3]);
  });
});

test('a member reads in acknowledgements how long they waited', () => {
  const sent: number[] = [];
  const out = {
    multicast: () => undefined,
    deliver: () => undefined,
    send: (_to: number, { link }: Message) => {
      if (link > 0) sent.push(link);
    },
  };
  const fifo = ORDERINGS.get('fifo')!.createUnpacked!(
    { self: 0, size: 2, random: Math.random },
    out,
  );
  for (const sequence of [0, 1, 2]) fifo.multicast(0, new Message(Kind.data, 0, sequence));
  const waited = (100 * MS) / WAITED_UNIT_US;
  fifo.receive(200 * MS, TO, new Message(Kind.linkAck, TO, 1, undefined, 0, waited));
  expect(sent).toEqual([1, 2, 3]);
  fifo.receive(201 * MS, TO, new Message(Kind.linkAck, TO, 1, undefined, 0, waited, 0, 0, [2, 1]));
  expect(sent).toEqual([1, 2, 3, 2]);
});

test('nobody can tell which transmission an acknowledgement is about before a round trip was measured', () => {
  const { senders, sent, pass } = offering(1);
  senders.offer(500 * MS, TO, new Message(Kind.data, 0, 2).onLink(2));
  expect(pass(1_000 * MS)).toEqual([1]);
  const before = sent.length;
  senders.acknowledge(1_010 * MS, TO, 1, []);
  expect(pass(1_499 * MS)).toEqual([]);
  expect(pass(1_500 * MS)).toEqual([2]);
  expect(sent.slice(before)).toEqual([2]);
});

describe('messages that are slow', () => {
  test('are waited for as long as any arrive', () => {
    const { senders, pass } = offering(100);
    const again: number[] = [];
    for (let number = 1; number <= 100; number += 1) {
      again.push(...pass(number * 150 * MS));
      senders.acknowledge(number * 150 * MS, TO, number, []);
    }
    expect(again).toEqual([]);
    expect(pass(60_000 * MS)).toEqual([]);
  });

  test('leave the window as it was', () => {
    const { senders, sent, pass } = offering(600);
    for (let number = 1; number <= 300; number += 1) senders.acknowledge(100 * MS, TO, number, []);
    const underWay = sent.length - 300;
    const again = pass(500 * MS);
    expect(again.length).toBeGreaterThan(0);
    // The first transmission of each arrives, less than a round trip after the second one.
    senders.acknowledge(501 * MS, TO, 300 + underWay, []);
    expect(sent.length).toBe(600 + again.length);
  });
});

test('that a message was only late takes back no answer to the loss of another', () => {
  const { senders, sent, pass } = offering(3_000);
  for (let number = 1; number <= 300; number += 1) senders.acknowledge(100 * MS, TO, number, []);
  // All that is under way arrives but message 301, which arrives when it is sent again.
  senders.acknowledge(150 * MS, TO, 300, [2, Math.max(...sent) - 301]);
  expect(pass(160 * MS)).toEqual([301]);
  senders.acknowledge(300 * MS, TO, Math.max(...sent), []);
  // Nothing comes for a while, and then one message, too soon after its retransmission to be that.
  const retransmittedAt = senders.deadline(TO);
  const [first] = pass(retransmittedAt);
  const newest = Math.max(...sent);
  senders.acknowledge(retransmittedAt + 1, TO, first!, []);
  // There is room for another one, and not for as many as before the loss.
  expect(Math.max(...sent) - newest).toBeLessThan(10);
});

test('on a channel to a member that seems dead, the oldest alone is under way, and the others follow', () => {
  const { senders, pass, sent } = offering(10);
  senders.suspend(TO);
  expect(new Set(pass(20_000 * MS))).toEqual(new Set([1]));
  const before = sent.length;
  senders.resume(21_000 * MS, TO);
  expect(sent.slice(before)).toEqual(expect.arrayContaining([2, 3, 4, 5, 6, 7, 8, 9, 10]));
});

test('channels share the memory of one member, and nothing else', () => {
  const act = fc.record({
    channel: fc.nat(2),
    kind: fc.constantFrom('offer', 'offer', 'acknowledge', 'advance'),
    // How much of what is under way an acknowledgement covers, and where beyond that a range begins.
    cumulative: fc.nat(4),
    range: fc.oneof(fc.constant([]), fc.tuple(fc.integer({ min: 2, max: 4 }), fc.nat(3))),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
      const together: string[][] = [[], [], []];
      const alone: string[][] = [[], [], []];
      const shared = new LinkSenders(
        writingTo((to) => together[to]!),
        3,
      );
      const separate = alone.map(
        (log) =>
          new LinkSenders(
            writingTo(() => log),
            3,
          ),
      );
      const acknowledged = [0, 0, 0];
      acts.forEach(({ channel, kind, cumulative, range }, step) => {
        const now = step * 40 * MS;
        const upTo = Math.min(acknowledged[channel]! + cumulative, shared.next(channel) - 1);
        if (kind === 'acknowledge') acknowledged[channel] = upTo;
        for (const senders of [shared, separate[channel]!]) {
          const message = new Message(Kind.data, 0, step).onLink(senders.next(channel));
          if (kind === 'offer') senders.offer(now, channel, message);
          else if (kind === 'acknowledge') senders.acknowledge(now, channel, upTo, range);
          else senders.advance(now, channel);
        }
        expect(shared.deadline(channel)).toBe(separate[channel]!.deadline(channel));
      });
      expect(together).toEqual(alone);
    }),
  );
});

/** A network that writes down each transmission: the number on the channel, and which message it is. */
function writingTo(logOf: (to: number) => string[]): Out {
  return {
    multicast: () => undefined,
    send: (to, { link, sequence }) => logOf(to).push(`${link}: ${sequence}`),
    deliver: () => undefined,
  };
}

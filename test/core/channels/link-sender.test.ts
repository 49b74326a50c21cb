import { describe, expect, test } from '@jest/globals';
import { WINDOW_MIN } from '../../../core/channels/congestion-window.ts';
import { LinkSender } from '../../../core/channels/link-sender.ts';
import { Kind, Message } from '../../../core/message.ts';

const MS = 1_000;

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
  const sender = new LinkSender(out, 1);
  for (let number = 1; number <= count; number += 1) {
    sender.offer(0, new Message(Kind.data, 0, number).onLink(number));
  }
  /** What is transmitted by `until`, as the deadlines have it, and not before. */
  const pass = (until: number): number[] => {
    const from = sent.length;
    while (sender.deadline <= until) sender.advance(sender.deadline);
    return sent.slice(from);
  };
  return { sender, network, sent, pass };
}

describe('a message that does not arrive', () => {
  test('is retransmitted after the timeout, and each time later', () => {
    const { pass } = offering(1);
    expect(pass(999 * MS)).toEqual([]);
    expect(pass(1_000 * MS)).toEqual([1]);
    expect(pass(2_999 * MS)).toEqual([]);
    expect(pass(3_000 * MS)).toEqual([1]);
  });

  test('is not taken for lost while it waits at its own member for room', () => {
    const { network, pass } = offering(3);
    network.isFull = true;
    expect(pass(30_000 * MS)).toEqual([]);
    network.isFull = false;
    expect(pass(32_000 * MS)).toEqual([1, 2, 3]);
  });

  test('is one of few that are retransmitted, where nothing arrives', () => {
    const { sender, pass } = offering(2_000);
    for (let number = 1; number <= 500; number += 1) sender.acknowledge(100 * MS, number, []);
    expect(pass(400 * MS)).toHaveLength(WINDOW_MIN);
  });

  test('is retransmitted once three later ones arrived, though not so soon that it may be late', () => {
    const { sender, sent } = offering(5);
    sender.acknowledge(100 * MS, 1, []);
    const before = sent.length;
    sender.acknowledge(101 * MS, 1, [2, 3]);
    expect(sent.slice(before)).toEqual([]);
    sender.acknowledge(190 * MS, 1, [2, 3]);
    expect(sent.slice(before)).toEqual([2]);
  });
});

describe('messages that are slow', () => {
  test('are waited for as long as any arrive', () => {
    const { sender, pass } = offering(100);
    const again: number[] = [];
    for (let number = 1; number <= 100; number += 1) {
      again.push(...pass(number * 150 * MS));
      sender.acknowledge(number * 150 * MS, number, []);
    }
    expect(again).toEqual([]);
    expect(pass(60_000 * MS)).toEqual([]);
  });

  test('leave the window as it was', () => {
    const { sender, sent, pass } = offering(600);
    for (let number = 1; number <= 300; number += 1) sender.acknowledge(100 * MS, number, []);
    const underWay = sent.length - 300;
    const again = pass(500 * MS);
    expect(again.length).toBeGreaterThan(0);
    // The first transmission of each arrives, less than a round trip after the second one.
    sender.acknowledge(501 * MS, 300 + underWay, []);
    expect(sent.length).toBe(600 + again.length);
  });
});

test('on a channel to a member that seems dead, the oldest alone is under way, and the others follow', () => {
  const { sender, pass, sent } = offering(10);
  sender.suspend();
  expect(new Set(pass(20_000 * MS))).toEqual(new Set([1]));
  const before = sent.length;
  sender.resume(21_000 * MS);
  expect(sent.slice(before)).toEqual(expect.arrayContaining([2, 3, 4, 5, 6, 7, 8, 9, 10]));
});

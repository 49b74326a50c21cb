import { describe, expect, test } from '@jest/globals';
import { PLAIN_KEY } from '../../../bench/virtual-group/plan-of.ts';
import { Kind, Message } from '../../../core/message.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { DATAGRAM_BYTES_DEFAULT } from '../../../core/wire/datagram.ts';
import { DatagramChannel } from '../../../peer/transport/datagram-channel.ts';
import { Outflow } from '../../../peer/run/flow/outflow.ts';

/** What member 0 of `size` sends, which takes `sendUs` for a datagram: to whom each one went. */
function outflowAt(sendUs: number, size: number) {
  const receivers: number[] = [];
  let now = 0;
  const carrier = {
    losses: 0,
    send: (to: number) => {
      now += sendUs;
      receivers.push(to);
      return false;
    },
    close: () => undefined,
  };
  const outflow = new Outflow(size, DATAGRAM_BYTES_DEFAULT, new Map(), {
    clock: () => now,
    channel: new DatagramChannel(0, size, PLAIN_KEY, carrier, DATAGRAM_BYTES_DEFAULT),
    entry: ORDERINGS.get('fifo')!,
    events: null,
    receiveBufferBytes: 4 * 1024 * 1024,
  });
  return { outflow, receivers };
}

/** A message of 1,000 bytes for each other member, which no two of them share. */
function addForEach({ outbox }: Outflow, size: number, sequence: number): void {
  const payload = new Uint8Array(1_000);
  for (let to = 1; to < size; to += 1)
    outbox.add(to, new Message(Kind.data, to, sequence, payload));
}

const countsOf = (receivers: readonly number[], size: number): number[] =>
  Array.from({ length: size - 1 }, (_, other) => receivers.filter((to) => to === other + 1).length);

describe('a member that has no time for all that it has to send', () => {
  test('sends everybody one datagram in each turn, and no more than it has time for besides', () => {
    const { outflow, receivers } = outflowAt(5_000, 32);
    for (let turn = 0; turn < 3; turn += 1) {
      for (let each = 0; each < 3; each += 1) addForEach(outflow, 32, 3 * turn + each);
      outflow.flush();
      expect(Math.min(...countsOf(receivers, 32))).toBe(turn + 1);
      // Ten datagrams are what it has time for in a turn, before everybody gets one or after it.
      expect(receivers.length).toBeLessThanOrEqual((turn + 1) * (31 + 10));
    }
    expect(outflow.deadline).toBeLessThan(Infinity);
  });

  test('sends 32 of more members one in a turn, and the others in the next', () => {
    const { outflow, receivers } = outflowAt(5_000, 64);
    for (let each = 0; each < 2; each += 1) addForEach(outflow, 64, each);
    for (let turn = 1; turn <= 2; turn += 1) {
      outflow.flush();
      expect(receivers.length).toBeLessThanOrEqual(32 * turn + 10);
    }
    expect(Math.min(...countsOf(receivers, 64))).toBe(1);
  });
});

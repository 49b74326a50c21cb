import { describe, expect, test } from '@jest/globals';
import { PLAIN_KEY } from '../../../bench/virtual-group/plan-of.ts';
import { Kind, Message } from '../../../core/message.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { DATAGRAM_BYTES_DEFAULT } from '../../../core/wire/datagram.ts';
import { DatagramChannel } from '../../../peer/transport/datagram-channel.ts';
import { Outflow } from '../../../peer/run/flow/outflow.ts';

const SIZE = 32;

/** What member 0 of 32 sends, which takes `sendUs` for a datagram: to whom each one went. */
function outflowAt(sendUs: number) {
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
  const outflow = new Outflow(SIZE, DATAGRAM_BYTES_DEFAULT, new Map(), {
    clock: () => now,
    channel: new DatagramChannel(0, SIZE, PLAIN_KEY, carrier, DATAGRAM_BYTES_DEFAULT),
    entry: ORDERINGS.get('fifo')!,
    events: null,
    receiveBufferBytes: 4 * 1024 * 1024,
  });
  return { outflow, receivers };
}

/** A message of 1,000 bytes for each other member, which no two of them share. */
function addForEach({ outbox }: Outflow, sequence: number): void {
  const payload = new Uint8Array(1_000);
  for (let to = 1; to < SIZE; to += 1)
    outbox.add(to, new Message(Kind.data, to, sequence, payload));
}

describe('a member that has no time for all that it has to send', () => {
  test('sends everybody one datagram in each turn, and no more than it has time for besides', () => {
    const { outflow, receivers } = outflowAt(5_000);
    for (let turn = 0; turn < 3; turn += 1) {
      addForEach(outflow, 2 * turn);
      addForEach(outflow, 2 * turn + 1);
      outflow.flush();
      const counts = Array.from({ length: SIZE }, (_, to) =>
        receivers.filter((each) => each === to),
      );
      expect(Math.min(...counts.slice(1).map(({ length }) => length))).toBe(turn + 1);
      // Ten datagrams are what it has time for in a turn, before everybody gets one.
      expect(receivers.length).toBeLessThanOrEqual((turn + 1) * (SIZE - 1 + 10));
    }
    expect(outflow.waits).toBe(true);
    expect(outflow.deadline).toBeLessThan(Infinity);
  });
});

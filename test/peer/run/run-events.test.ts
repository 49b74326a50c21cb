import { describe, expect, test } from '@jest/globals';
import { Payloads } from '../../../control/workload.ts';
import { SetDigest } from '../../../core/base/digest.ts';
import { EventType } from '../../../core/records/event-log.ts';
import { Kind, Message } from '../../../core/message.ts';
import { Recorder } from '../../../peer/run/recorder.ts';
import { RunEvents } from '../../../peer/run/run-events.ts';

const NO_PAYLOADS = new Payloads({ payloadBytes: 0, seed: 1 });
const OTHERS = new Message(Kind.data, 1, 4);
const ACK = new Message(Kind.linkAck, 1, 0);

describe("a member's events", () => {
  test('are logged from its beginning on, in the order in which they happen', () => {
    const events = new RunEvents(0, 1_000);
    const recorder = new Recorder({
      self: 0,
      size: 2,
      messages: 10,
      payloads: NO_PAYLOADS,
      delivered: new SetDigest(),
      bank: null,
      events,
    });
    recorder.multicast(1_500, 0);
    events.sent(1_500, 1, 7, [new Message(Kind.data, 0, 0)]);
    events.arrived(1_800, 1, 9, [OTHERS, ACK]);
    recorder.deliver(1_800, OTHERS);
    expect(events.log.events).toMatchObject([
      { type: EventType.multicast, atUs: 500, sender: 0, sequence: 0 },
      { type: EventType.send, atUs: 500, other: 1, packet: 7, kind: Kind.data },
      { type: EventType.arrive, atUs: 800, other: 1, packet: 9, sequence: 4 },
      { type: EventType.arrive, atUs: 800, other: 1, packet: 9, kind: Kind.linkAck },
      { type: EventType.deliver, atUs: 800, sender: 1, sequence: 4 },
    ]);
  });

  test('have the timers of the ordering, and what never left for a member that takes nothing in', () => {
    const events = new RunEvents(0, 1_000);
    events.timer(1_500);
    events.discarded(1_600, 1, [OTHERS]);
    // What filled a datagram in the middle of a call is told with the time of the call before.
    events.sent(1_400, 1, 3, [ACK]);
    events.stop();
    events.timer(1_700);
    expect(events.log.hasTimers).toBe(true);
    expect(events.log.events).toMatchObject([
      { type: EventType.timer, atUs: 500 },
      { type: EventType.discard, atUs: 600, other: 1, kind: Kind.data, sender: 1, sequence: 4 },
      { type: EventType.send, atUs: 600, packet: 3 },
    ]);
  });

  test('are only counted once there are as many as allowed, and not even that after the end', () => {
    const events = new RunEvents(0, 0, 2);
    for (let sequence = 0; sequence < 5; sequence += 1) events.multicast(sequence, sequence);
    events.stop();
    events.multicast(9, 9);
    events.deliver(9, OTHERS);
    events.arrived(9, 1, 1, [OTHERS]);
    expect(events.log.events).toHaveLength(2);
    expect(events.log.leftOut).toBe(3);
  });
});

import fc from 'fast-check';
import { EventLog, EventType, LoggedEvent } from '../../core/records/event-log.ts';
import { Kind } from '../../core/message.ts';

/** One line of a log as a test writes it: time in ms, what, and whom or which message. */
export type Line =
  | readonly [atMs: number, what: 'multicast' | 'deliver', sender: number, sequence: number]
  | readonly [
      atMs: number,
      what: 'send' | 'arrive',
      other: number,
      sender: number,
      sequence: number,
    ]
  | readonly [atMs: number, what: 'crash' | 'pause' | 'resume'];

/** A log of `lines`; the packets of each message are numbered alike at both ends. */
export function logOf(...lines: readonly Line[]): EventLog {
  const log = new EventLog();
  for (const line of lines) {
    const [atMs, what, ...rest] = line;
    const type = EventType[what];
    if (rest.length === 3) {
      const [other, sender, sequence] = rest;
      const packet = sender * 1_000 + sequence + 1;
      log.add(new LoggedEvent(type, atMs * 1_000, other, packet, Kind.data, sender, sequence));
    } else {
      log.add(new LoggedEvent(type, atMs * 1_000, 0, 0, 0, rest[0], rest[1]));
    }
  }
  return log;
}

/** Two peers that each deliver their own message first; times are those of one clock. */
export function opposedLogs(): EventLog[] {
  return [
    logOf(
      [0, 'multicast', 0, 0],
      [0, 'deliver', 0, 0],
      [0, 'send', 1, 0, 0],
      [11, 'arrive', 1, 1, 0],
      [11, 'deliver', 1, 0],
    ),
    logOf(
      [1, 'multicast', 1, 0],
      [1, 'deliver', 1, 0],
      [1, 'send', 0, 1, 0],
      [10, 'arrive', 0, 0, 0],
      [14, 'deliver', 0, 0],
    ),
  ];
}

const anyNumber = fc.oneof(fc.nat(3), fc.nat(0xffff_ffff));

/** Any log that the type allows, however it contradicts itself or others. */
export const anyLog: fc.Arbitrary<EventLog> = fc
  .array(
    fc.record({
      type: fc.integer({ min: 1, max: 8 }),
      stepUs: fc.oneof(fc.constant(0), fc.nat(50_000), fc.nat(100_000_000)),
      other: fc.oneof(fc.nat(3), fc.nat(0xffff)),
      packet: fc.oneof(fc.nat(2), anyNumber),
      kind: fc.oneof(fc.constant(Kind.data), fc.nat(255)),
      sender: anyNumber,
      sequence: anyNumber,
      reason: fc.nat(4),
    }),
    { maxLength: 40 },
  )
  .map((events) => {
    const log = new EventLog();
    let atUs = 0;
    for (const { type, stepUs, other, packet, kind, sender, sequence, reason } of events) {
      atUs = Math.min(atUs + stepUs, 0xffff_ffff);
      log.add(new LoggedEvent(type, atUs, other, packet, kind, sender, sequence, reason));
    }
    return log;
  });

export const anyLogs = fc.array(anyLog, { minLength: 1, maxLength: 5 });

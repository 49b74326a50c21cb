import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeEvents, encodeEvents } from '../../../core/records/event-codec.ts';
import { EventLog, EVENTS_MAX, EventType, LoggedEvent } from '../../../core/records/event-log.ts';
import { DecodeError } from '../../../core/records/sequence-codec.ts';

const SIZE = 7;

/** Events as a peer or a simulation would log them: fields that a type has no use for are 0. */
const anyLogOf = (typesMax: number): fc.Arbitrary<EventLog> =>
  fc
    .array(
      fc.record({
        type: fc.integer({ min: 1, max: typesMax }),
        stepUs: fc.oneof(fc.nat(300), fc.nat(10_000_000)),
        fields: fc.tuple(fc.nat(SIZE - 1), fc.nat(0xffff_ffff), fc.nat(255)),
        message: fc.tuple(fc.nat(SIZE - 1), fc.nat(0xffff_ffff)),
        reason: fc.nat(4),
      }),
      { maxLength: 60 },
    )
    .map((events) => {
      const log = new EventLog();
      log.hasTimers = typesMax > EventType.resume;
      let atUs = 0;
      for (const { type, stepUs, fields, message, reason } of events) {
        atUs += stepUs;
        const isPacket =
          type === EventType.send ||
          type === EventType.arrive ||
          type === EventType.drop ||
          type === EventType.discard;
        const hasMessage = type <= EventType.drop || type === EventType.discard;
        const packet = isPacket ? fields : ([0, 0, 0] as const);
        const about = hasMessage ? message : ([0, 0] as const);
        log.add(
          new LoggedEvent(type, atUs, ...packet, ...about, type === EventType.drop ? reason : 0),
        );
      }
      return log;
    });

const anyLog = fc.oneof(anyLogOf(EventType.resume), anyLogOf(EventType.discard));

function decodeAll(pieces: readonly Uint8Array[]): EventLog {
  const log = new EventLog();
  for (const bytes of pieces) decodeEvents(bytes, SIZE, log);
  return log;
}

describe('events', () => {
  test('are decoded as they were encoded, in one piece or in many, from any place on', () => {
    fc.assert(
      fc.property(anyLog, fc.integer({ min: 1, max: 400 }), fc.nat(60), (log, bytesMax, from) => {
        const pieces = encodeEvents(log, from, bytesMax);
        const decoded = decodeAll(pieces.map(({ bytes }) => bytes));
        expect(decoded.events).toEqual(log.events.slice(from));
        if (pieces.length > 0) expect(decoded.hasTimers).toBe(log.hasTimers);
        const counted = pieces.reduce((sum, { events }) => sum + events, 0);
        expect(counted).toBe(Math.max(0, log.events.length - from));
      }),
    );
  });

  test('of any bytes are decoded, or refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const log = new EventLog();
        try {
          decodeEvents(new Uint8Array([1 + (bytes.length % 2), ...bytes]), SIZE, log);
          expect(log.events.every(({ other }) => other < SIZE)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['no bytes', []],
    ['another version', [3, 0, 0]],
    ['a timer in the version without', [1, 1, 0, 9, 0]],
    ['less than it says', [1, 2, 0, 6, 0]],
    ['more than it says', [1, 1, 0, 6, 0, 6, 0]],
    ['an unknown type', [2, 1, 0, 11, 0]],
    ['a member that is none', [1, 1, 0, 2, 0, SIZE, 1, 1, 0, 0]],
  ])('are refused for %s', (_what, bytes) => {
    expect(() => decodeEvents(new Uint8Array(bytes), SIZE, new EventLog())).toThrow(DecodeError);
  });

  test('are refused when they begin before those in front of them end', () => {
    const log = new EventLog();
    log.deliver(10, 0, 0);
    expect(() => decodeEvents(new Uint8Array([1, 1, 9, 6, 0]), SIZE, log)).toThrow(/begin before/);
  });
});

test('pieces of the first version are read as a log without timers, and none of the second one after them', () => {
  const log = new EventLog();
  decodeEvents(new Uint8Array([1, 1, 5, 6, 0]), SIZE, log);
  expect([log.hasTimers, log.events[0]?.type]).toEqual([false, EventType.crash]);
  expect(() => decodeEvents(new Uint8Array([2, 1, 9, 9, 0]), SIZE, log)).toThrow(/another version/);
});

describe('an event log', () => {
  test('keeps the first events and counts the rest', () => {
    const log = new EventLog();
    for (let index = 0; index < EVENTS_MAX + 5; index += 1) log.deliver(index, 0, index);
    expect(log.events).toHaveLength(EVENTS_MAX);
    expect(log.events.at(-1)?.sequence).toBe(EVENTS_MAX - 1);
    expect(log.leftOut).toBe(5);
  });

  test('fits a document even when every number is as long as can be', () => {
    const log = new EventLog();
    for (let index = 0; index < EVENTS_MAX; index += 1) {
      log.add(
        new LoggedEvent(2, index * 200_000, 65_535, 0xffff_ffff, 255, 0xffff_ffff, 0xffff_ffff),
      );
    }
    for (const { bytes } of encodeEvents(log, 0)) expect(bytes.length).toBeLessThan(1_000_000);
  });

  test('refuses a time that goes back', () => {
    const log = new EventLog();
    log.deliver(5, 0, 0);
    expect(() => log.deliver(4, 0, 1)).toThrow(/never go back/);
  });
});

import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { EventType, LoggedEvent, type EventLog } from './event-log.ts';
import { DecodeError } from './sequence-chunk.ts';

/**
 * Pieces of an event log, each readable on its own:
 *
 *   version (1 byte), events, time of the first (unsigned LEB128 each), then each event:
 *     type (1 byte), microseconds since the event before it, and
 *       send, arrive, discard   other, packet, kind, sender, sequence
 *       drop                    the same, then the reason
 *       multicast, deliver      sender, sequence
 *       crash, pause, resume, timer   nothing more
 *
 * Version 1 has neither `timer` nor `discard`, and is still read and written: it says that the log has no timers.
 * All pieces of a log are of one version.
 */
const WITHOUT_TIMERS = 1;
const WITH_TIMERS = 2;
const HEADER_BYTES_MAX = 1 + 5 + 5;
/** Type, kind and reason take up to two bytes, and six numbers five at most. */
const EVENT_BYTES_MAX = 33;

/** What fits one document: Firestore holds 1 MiB. */
export const EVENT_PIECE_BYTES_MAX = 256 * 1024;

export interface EventPiece {
  readonly events: number;
  readonly bytes: Uint8Array;
}

const HAS_PACKET: readonly number[] = [
  EventType.send,
  EventType.arrive,
  EventType.drop,
  EventType.discard,
];
const HAS_MESSAGE: readonly number[] = [...HAS_PACKET, EventType.multicast, EventType.deliver];

/** The events of `log` after its first `from`, as pieces of at most `bytesMax` bytes. */
export function encodeEvents(
  log: EventLog,
  from: number,
  bytesMax = EVENT_PIECE_BYTES_MAX,
): EventPiece[] {
  const { events } = log;
  const version = log.hasTimers ? WITH_TIMERS : WITHOUT_TIMERS;
  const perPiece = Math.max(1, Math.floor((bytesMax - HEADER_BYTES_MAX) / EVENT_BYTES_MAX));
  const pieces: EventPiece[] = [];
  for (let start = from; start < events.length; start += perPiece) {
    pieces.push(encodePiece(version, events.slice(start, start + perPiece)));
  }
  return pieces;
}

function encodePiece(version: number, events: readonly LoggedEvent[]): EventPiece {
  const writer = new ByteWriter(new Uint8Array(HEADER_BYTES_MAX + events.length * EVENT_BYTES_MAX));
  writer.u8(version);
  writer.varint(events.length);
  let beforeUs = events[0]!.atUs;
  writer.varint(beforeUs);
  for (const event of events) {
    writer.u8(event.type);
    writer.varint(event.atUs - beforeUs);
    beforeUs = event.atUs;
    if (HAS_PACKET.includes(event.type)) {
      writer.varint(event.other);
      writer.varint(event.packet);
      writer.varint(event.kind);
    }
    if (HAS_MESSAGE.includes(event.type)) {
      writer.varint(event.sender);
      writer.varint(event.sequence);
    }
    if (event.type === EventType.drop) writer.varint(event.reason);
  }
  return { events: events.length, bytes: writer.bytes.slice(0, writer.offset) };
}

/**
 * Appends the events of a piece, which anybody may have written, to `log`; `size` is how many
 * members the group has. Gives how many there were. Throws `DecodeError`, which says what is wrong.
 */
export function decodeEvents(bytes: Uint8Array, size: number, log: EventLog): number {
  const reader = new ByteReader(bytes);
  readVersion(reader, log);
  const count = reader.varint();
  let atUs = reader.varint();
  const lastUs = log.events.at(-1)?.atUs ?? 0;
  if (atUs < lastUs) throw new DecodeError('the events begin before the ones in front of them end');
  for (let index = 0; index < count; index += 1) {
    if (log.full) throw new DecodeError('there are more events than a peer may record');
    const event = readEvent(reader, atUs, size, log.hasTimers);
    atUs = event.atUs;
    log.add(event);
  }
  if (reader.failed || reader.more) throw new DecodeError('the events do not fill their bytes');
  return count;
}

/** Also tells a log that is still empty what the piece says of it. */
function readVersion(reader: ByteReader, log: EventLog): void {
  const version = reader.u8();
  if (version !== WITHOUT_TIMERS && version !== WITH_TIMERS) {
    throw new DecodeError(`the events have version ${version}; known are 1 and 2`);
  }
  const hasTimers = version === WITH_TIMERS;
  if (log.events.length > 0 && log.hasTimers !== hasTimers) {
    throw new DecodeError('the events are of another version than the ones in front of them');
  }
  log.hasTimers = hasTimers;
}

function readEvent(
  reader: ByteReader,
  beforeUs: number,
  size: number,
  hasTimers: boolean,
): LoggedEvent {
  const type = reader.u8();
  const atUs = beforeUs + reader.varint();
  const [other, packet, kind] = HAS_PACKET.includes(type)
    ? [reader.varint(), reader.varint(), reader.varint()]
    : [0, 0, 0];
  const [sender, sequence] = HAS_MESSAGE.includes(type)
    ? [reader.varint(), reader.varint()]
    : [0, 0];
  const reason = type === EventType.drop ? reader.varint() : 0;
  if (reader.failed) throw new DecodeError('the events end too early');
  const typesMax = hasTimers ? EventType.discard : EventType.resume;
  const isKnown = type >= EventType.multicast && type <= typesMax;
  if (!isKnown || atUs > 0xffff_ffff || other >= size || kind > 255 || reason > 4) {
    throw new DecodeError('the events hold one that is none');
  }
  return new LoggedEvent(type, atUs, other, packet, kind, sender, sequence, reason);
}

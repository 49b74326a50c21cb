import type { ByteReader } from '../base/byte-reader.ts';
import { type ByteWriter, varintSize } from '../base/byte-writer.ts';
import { Message } from '../message.ts';

/**
 * One message on the wire (docs/wire-format.md): kind, presence bits, sender, sequence, then each
 * present field. A field that is 0 or empty is absent, so every message has exactly one encoding.
 */
const PAYLOAD = 1;
const LINK = 2;
const TIMESTAMP = 4;
const EPOCH = 8;
const POSITION = 16;
const VECTOR = 32;
const ALL = PAYLOAD | LINK | TIMESTAMP | EPOCH | POSITION | VECTOR;

function presence(message: Message): number {
  return (
    (message.payload.length > 0 ? PAYLOAD : 0) |
    (message.link !== 0 ? LINK : 0) |
    (message.timestamp !== 0 ? TIMESTAMP : 0) |
    (message.epoch !== 0 ? EPOCH : 0) |
    (message.position !== 0 ? POSITION : 0) |
    (message.vector.length > 0 ? VECTOR : 0)
  );
}

/** How many bytes `writeMessage` will write. */
export function messageSize(message: Message): number {
  const present = presence(message);
  let size = 2 + varintSize(message.sender) + varintSize(message.sequence);
  if (present & LINK) size += varintSize(message.link);
  if (present & TIMESTAMP) size += varintSize(message.timestamp);
  if (present & EPOCH) size += varintSize(message.epoch);
  if (present & POSITION) size += varintSize(message.position);
  if (present & VECTOR) {
    size += varintSize(message.vector.length);
    for (const value of message.vector) size += varintSize(value);
  }
  if (present & PAYLOAD) size += varintSize(message.payload.length) + message.payload.length;
  return size;
}

/** Appends `message` at the writer's offset. */
export function writeMessage(writer: ByteWriter, message: Message): void {
  const present = presence(message);
  writer.u8(message.kind);
  writer.u8(present);
  writer.varint(message.sender);
  writer.varint(message.sequence);
  if (present & LINK) writer.varint(message.link);
  if (present & TIMESTAMP) writer.varint(message.timestamp);
  if (present & EPOCH) writer.varint(message.epoch);
  if (present & POSITION) writer.varint(message.position);
  if (present & VECTOR) {
    writer.varint(message.vector.length);
    for (const value of message.vector) writer.varint(value);
  }
  if (present & PAYLOAD) {
    writer.varint(message.payload.length);
    writer.raw(message.payload);
  }
}

/**
 * The next message, or `null` when the bytes are no message of this format. The payload is a view
 * of the bytes, not a copy: they must not be written again.
 */
export function readMessage(reader: ByteReader): Message | null {
  const kind = reader.u8();
  const present = reader.u8();
  const sender = reader.varint();
  const sequence = reader.varint();
  const link = present & LINK ? positive(reader) : 0;
  const timestamp = present & TIMESTAMP ? positive(reader) : 0;
  const epoch = present & EPOCH ? positive(reader) : 0;
  const position = present & POSITION ? positive(reader) : 0;
  const vector = present & VECTOR ? readVector(reader) : undefined;
  const payload = present & PAYLOAD ? reader.raw(positive(reader)) : undefined;
  if (reader.failed || kind === 0 || (present & ~ALL) !== 0) return null;
  return new Message(kind, sender, sequence, payload, link, timestamp, epoch, position, vector);
}

/** A field whose presence bit is set has a value: 0 would be a second encoding of the same message. */
function positive(reader: ByteReader): number {
  const value = reader.varint();
  if (value === 0) reader.failed = true;
  return value;
}

function readVector(reader: ByteReader): number[] {
  const length = positive(reader);
  const vector: number[] = [];
  // Each value takes a byte at least, so the bytes themselves bound the loop.
  for (let index = 0; index < length && reader.more; index += 1) vector.push(reader.varint());
  if (vector.length !== length) reader.failed = true;
  return vector;
}

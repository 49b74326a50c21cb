import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader } from '../../../core/base/byte-reader.ts';
import { ByteWriter, varintSize } from '../../../core/base/byte-writer.ts';
import { messageSize, readMessage, writeMessage } from '../../../core/wire/message-codec.ts';
import { Message } from '../../../core/message.ts';

const u32 = fc.oneof(
  fc.constantFrom(0, 1, 127, 128, 0x3fff, 0x4000, 0x1f_ffff, 0x20_0000, 0xfff_ffff, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);

const anyMessage = fc
  .record({
    kind: fc.integer({ min: 1, max: 255 }),
    numbers: fc.array(u32, { minLength: 6, maxLength: 6 }),
    payload: fc.uint8Array({ maxLength: 40 }),
    vector: fc.array(u32, { maxLength: 12 }),
  })
  .map(({ kind, numbers, payload, vector }) => {
    const [sender, sequence, link, timestamp, epoch, position] = numbers;
    return new Message(kind, sender!, sequence!, payload, link, timestamp, epoch, position, vector);
  });

function encode(message: Message): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(messageSize(message)));
  writeMessage(writer, message);
  return writer.bytes;
}

describe('a message on the wire', () => {
  test('decoding what was encoded gives the same message, and reads all of it', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const reader = new ByteReader(encode(message));
        expect({ ...readMessage(reader) }).toEqual({ ...message });
        expect(reader.more).toBe(false);
      }),
    );
  });

  test('has exactly one encoding: whatever decodes, encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const reader = new ByteReader(bytes);
        const message = readMessage(reader);
        if (message === null) return;
        expect([...encode(message)]).toEqual([...bytes.subarray(0, reader.offset)]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('every cut of an encoding is refused', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, cut) => {
        const bytes = encode(message);
        const reader = new ByteReader(bytes.subarray(0, cut % bytes.length));
        expect(readMessage(reader)).toBeNull();
      }),
    );
  });

  test('a data message of a small group costs four bytes', () => {
    expect(messageSize(new Message(1, 7, 99))).toBe(4);
  });
});

describe('a varint', () => {
  test('takes the bytes that it says', () => {
    fc.assert(
      fc.property(u32, (value) => {
        const writer = new ByteWriter(new Uint8Array(5));
        writer.varint(value);
        expect(writer.offset).toBe(varintSize(value));
        expect(new ByteReader(writer.bytes).varint()).toBe(value);
      }),
    );
  });

  test.each([
    ['longer than needed', [0x80, 0x00]],
    ['more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x1f]],
    ['six bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['without an end', [0xff]],
  ])('%s is refused', (_name, bytes) => {
    const reader = new ByteReader(Uint8Array.from(bytes));
    reader.varint();
    expect(reader.failed).toBe(true);
  });
});

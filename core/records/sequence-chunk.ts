import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter, varintSize } from '../base/byte-writer.ts';

/**
 * Chunks of a delivered sequence, each readable on its own, so that a missing one damages no other.
 *
 *   version (1 byte: 2), size, deliveries, multicasts (unsigned LEB128 each, in its shortest form), then symbols of
 *   ceil(log2(size + 2)) bits, least significant bit first, the last byte filled up with zeros:
 *     0..size-1   a delivery of that sender's expected message
 *     size        anything else about a delivery, told by one or two bits:
 *                   0: of another message: the sender (ceil(log2 size) bits) and the zigzag Elias
 *                      gamma code of the difference from the expected number
 *                   10: likewise, sender (16 bits) and sequence (32 bits) as they are
 *                   11: a note, of what the next delivery carried: the Elias gamma code of one more
 *                      than its length, its first bytes, at most 8, and, where it is longer than
 *                      that, the upper and the lower half of its hash (32 bits each)
 *     size + 1    the member multicasts its next message here
 *
 * A delivery without a note carried what the run prescribes, so that a log in which all contents are
 * right takes not a bit more for it (docs/decisions/0009-contents-by-exception.md).
 *
 * A sender's expected number is one more than the greatest that the chunk has of it (numbers written
 * as they are do not count); before its first message, the number that the sender before it began
 * with: senders go about equally fast. At first that is 0.
 *
 * Version 1 has no notes, and its plain form is 1 without a second bit. What its deliveries carried is
 * not known.
 */
const VERSION = 2;
const VERSION_WITHOUT_NOTES = 1;

/** Bytes that are no chunk; the message says what is wrong with them. */
export class DecodeError extends Error {
  override name = 'DecodeError';
}

/** How many deliveries and multicasts: a place in a delivered sequence, or what a chunk holds. */
export interface SequenceCursor {
  readonly deliveries: number;
  readonly multicasts: number;
}

/** The first bytes of a chunk. */
export interface ChunkHeader extends SequenceCursor {
  readonly size: number;
  /** Whether a delivery without a note carried what the run prescribes; otherwise that is not known. */
  readonly hasNotes: boolean;
  /** The length of the header in bytes. */
  readonly length: number;
}

/** @throws DecodeError for bytes that are no header. */
export function readHeader(bytes: Uint8Array): ChunkHeader {
  if (bytes.length === 0) throw new DecodeError('the chunk is empty');
  const [version] = bytes;
  if (version !== VERSION && version !== VERSION_WITHOUT_NOTES) {
    throw new DecodeError(
      `the chunk has version ${version}; known are ${VERSION_WITHOUT_NOTES} and ${VERSION}`,
    );
  }
  const reader = new ByteReader(bytes, 1);
  const [size, deliveries, multicasts] = [reader.varint(), reader.varint(), reader.varint()];
  if (reader.failed) {
    throw new DecodeError(
      'the chunk ends in its header, or a number there is beyond 32 bits or not in its shortest form',
    );
  }
  if (size < 1 || size > 0xffff) {
    throw new DecodeError(`the chunk is of ${size} members; allowed are 1 to 65535`);
  }
  const hasNotes = version === VERSION;
  return { size, hasNotes, deliveries, multicasts, length: reader.offset };
}

export function withHeader(
  size: number,
  { deliveries, multicasts }: SequenceCursor,
  symbols: Uint8Array,
): Uint8Array {
  const numbers = [size, deliveries, multicasts];
  const headerBytes = numbers.reduce((sum, number) => sum + varintSize(number), 1);
  const writer = new ByteWriter(new Uint8Array(headerBytes + symbols.length));
  writer.u8(VERSION);
  for (const number of numbers) writer.varint(number);
  writer.raw(symbols);
  return writer.bytes;
}

/** How many bits tell `count` things apart. */
export function bitsFor(count: number): number {
  return 32 - Math.clz32(count - 1);
}

/** What writer and reader both expect of each sender. */
export class Expectations {
  readonly #next: Float64Array;
  #begin = 0;

  constructor(size: number) {
    this.#next = new Float64Array(size).fill(-1);
  }

  of(sender: number): number {
    const next = this.#next[sender]!;
    return next < 0 ? this.#begin : next;
  }

  note(sender: number, sequence: number): void {
    if (this.#next[sender]! < 0) this.#begin = sequence;
    // A late message changes nothing, so that the number after those that overtook it is expected again.
    if (sequence >= this.#next[sender]!) this.#next[sender] = sequence + 1;
  }
}

import { assert, isU32 } from '../base/assert.ts';
import { BitWriter } from '../base/bit-writer.ts';
import { CONTENT_HEAD_BYTES_MAX, type Content } from './content.ts';
import type { DeliveredSequence } from './delivered-sequence.ts';
import { bitsFor, Expectations, withHeader, type SequenceCursor } from './sequence-chunk.ts';

export { DecodeError, type SequenceCursor } from './sequence-chunk.ts';
export { decodeChunk, readChunkCounts } from './sequence-decoder.ts';

/** Beyond this difference the plain form is shorter, and leaves what is expected alone. */
const DIFFERENCE_MAX = 0x7f_ffff;

/** Firestore holds 1 MiB a document, with its other fields and index entries. */
export const CHUNK_BYTES_MAX = 512 * 1024;

/** The most bits of a symbol, of the two that tell its form, and of an Elias gamma code. */
const CODED_BITS_MAX = 17 + 2 + 63;
/** The first bytes of a note's content, and their hash. */
const NOTED_BITS_MAX = 64 + 64;
/** The most bytes that one delivery with its note takes; a multicast takes less. */
const SYMBOL_BYTES_MAX = Math.ceil((2 * CODED_BITS_MAX + NOTED_BITS_MAX) / 8);
const HEADER_BYTES_MAX = 1 + 3 + 5 + 5;

/** A chunk's bytes, and what they hold. */
export interface EncodedChunk extends SequenceCursor {
  readonly bytes: Uint8Array;
}

/**
 * Everything after `from`, but at most `deliveriesMax` deliveries and the multicasts among them.
 * `size` is how many members the group has, 1..65535.
 */
export function encodeChunk(
  sequence: DeliveredSequence,
  size: number,
  from: SequenceCursor,
  deliveriesMax = Infinity,
): Uint8Array {
  return encodePiece(sequence, size, from, deliveriesMax, Infinity).bytes;
}

/** Everything after `from`, as chunks of at most `bytesMax` bytes; none when there is nothing. */
export function encodeChunks(
  sequence: DeliveredSequence,
  size: number,
  from: SequenceCursor,
  bytesMax = CHUNK_BYTES_MAX,
): EncodedChunk[] {
  assert(bytesMax >= HEADER_BYTES_MAX + SYMBOL_BYTES_MAX, 'a chunk has room for one delivery');
  const chunks: EncodedChunk[] = [];
  let cursor = from;
  while (cursor.deliveries < sequence.length || cursor.multicasts < sequence.multicasts) {
    const chunk = encodePiece(sequence, size, cursor, Infinity, bytesMax);
    chunks.push(chunk);
    cursor = {
      deliveries: cursor.deliveries + chunk.deliveries,
      multicasts: cursor.multicasts + chunk.multicasts,
    };
  }
  return chunks;
}

function encodePiece(
  sequence: DeliveredSequence,
  size: number,
  from: SequenceCursor,
  deliveriesMax: number,
  bytesMax: number,
): EncodedChunk {
  assertCursor(sequence, size, from);
  const { senders, sequences, deliveredBefore, contents } = sequence;
  const writer = new BitWriter(Math.min(sequence.length - from.deliveries, CHUNK_BYTES_MAX));
  const symbols = new SymbolWriter(writer, size);
  const [start, symbolBytesMax] = [from.deliveries, bytesMax - HEADER_BYTES_MAX - SYMBOL_BYTES_MAX];
  const end = Math.min(sequence.length, start + deliveriesMax);
  let [delivery, multicast, note] = [start, from.multicasts, contents.before(start)];
  const noted = contents.positions;
  while (writer.length <= symbolBytesMax) {
    if (multicast < deliveredBefore.length && deliveredBefore[multicast]! <= delivery) {
      symbols.multicast();
      multicast += 1;
    } else if (delivery < end) {
      if (noted[note] === delivery) {
        symbols.note(contents.at(note));
        note += 1;
      }
      symbols.delivery(senders[delivery]!, sequences[delivery]!);
      delivery += 1;
    } else break;
  }
  const counts = { deliveries: delivery - start, multicasts: multicast - from.multicasts };
  return { ...counts, bytes: withHeader(size, counts, writer.finish()) };
}

function assertCursor(sequence: DeliveredSequence, size: number, from: SequenceCursor): void {
  assert(size >= 1 && size <= 0xffff && isU32(size), 'a group has 1 to 65535 members');
  assert(
    isU32(from.deliveries) && from.deliveries <= sequence.length,
    'a cursor has no more deliveries than its sequence',
  );
  assert(
    isU32(from.multicasts) && from.multicasts <= sequence.multicasts,
    'a cursor has no more multicasts than its sequence',
  );
}

class SymbolWriter {
  readonly #writer: BitWriter;
  readonly #size: number;
  readonly #symbolBits: number;
  readonly #senderBits: number;
  readonly #expected: Expectations;

  constructor(writer: BitWriter, size: number) {
    this.#writer = writer;
    this.#size = size;
    this.#symbolBits = bitsFor(size + 2);
    this.#senderBits = bitsFor(size);
    this.#expected = new Expectations(size);
  }

  multicast(): void {
    this.#writer.write(this.#size + 1, this.#symbolBits);
  }

  delivery(sender: number, sequence: number): void {
    const difference = sender < this.#size ? sequence - this.#expected.of(sender) : Infinity;
    if (difference === 0) {
      this.#writer.write(sender, this.#symbolBits);
    } else {
      this.#writer.write(this.#size, this.#symbolBits);
      if (Math.abs(difference) > DIFFERENCE_MAX) {
        this.#plain(sender, sequence);
        return;
      }
      this.#writer.write(0, 1);
      this.#writer.write(sender, this.#senderBits);
      this.#writer.writeGamma(difference > 0 ? 2 * difference : -2 * difference - 1);
    }
    this.#expected.note(sender, sequence);
  }

  /** Writes a note, right in front of the delivery that it is about. */
  note({ length, head, hash }: Content): void {
    this.#writer.write(this.#size, this.#symbolBits);
    this.#writer.write(0b11, 2);
    this.#writer.writeGamma(length + 1);
    for (const byte of head) this.#writer.write(byte, 8);
    if (length <= CONTENT_HEAD_BYTES_MAX) return;
    this.#writer.writeLong(hash.high, 32);
    this.#writer.writeLong(hash.low, 32);
  }

  #plain(sender: number, sequence: number): void {
    // Lowest bit first: 1, then 0.
    this.#writer.write(0b01, 2);
    this.#writer.write(sender, 16);
    this.#writer.writeLong(sequence, 32);
  }
}

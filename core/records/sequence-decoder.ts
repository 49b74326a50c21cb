import { isU32 } from '../base/assert.ts';
import { BitReader } from '../base/bit-reader.ts';
import { CONTENT_HEAD_BYTES_MAX, type Content, contentOf } from './content.ts';
import { ContentNotes } from './content-notes.ts';
import type { DeliveredSequence } from './delivered-sequence.ts';
import {
  bitsFor,
  DecodeError,
  Expectations,
  readHeader,
  type ChunkHeader,
  type SequenceCursor,
} from './sequence-chunk.ts';

/**
 * Appends a chunk to `into` and returns what it held. `limits` is the most that `into` may hold
 * afterwards; the counts are checked against it, and against the number of bytes there are, before
 * anything is allocated for them.
 * @throws DecodeError for bytes that `encodeChunk` cannot have written; `into` is then unchanged.
 */
export function decodeChunk(
  bytes: Uint8Array,
  into: DeliveredSequence,
  limits: SequenceCursor,
): SequenceCursor {
  const header = readHeader(bytes);
  checkCount('deliveries', header.deliveries, limits.deliveries - into.length);
  checkCount('multicasts', header.multicasts, limits.multicasts - into.multicasts);
  checkLength(bytes, header);
  const reader = new BitReader(bytes, header.length);
  const events = new Events(header);
  new SymbolReader(reader, header, events).readAll();
  if (reader.overrun) throw new DecodeError('the chunk ends in the middle of a symbol');
  if (!reader.exhausted) throw new DecodeError('the chunk has bytes after its last symbol');
  events.appendTo(into);
  return { deliveries: header.deliveries, multicasts: header.multicasts };
}

/** What a chunk says that it holds, without reading it; throws a `DecodeError` as `decodeChunk` does. */
export function readChunkCounts(bytes: Uint8Array): SequenceCursor {
  const { deliveries, multicasts } = readHeader(bytes);
  return { deliveries, multicasts };
}

function checkCount(what: string, count: number, allowed: number): void {
  if (count <= allowed) return;
  throw new DecodeError(
    `the chunk holds ${count} ${what}; at most ${Math.max(0, allowed)} are allowed`,
  );
}

function checkLength(bytes: Uint8Array, header: ChunkHeader): void {
  const bits = (header.deliveries + header.multicasts) * bitsFor(header.size + 2);
  const bytesMin = header.length + Math.ceil(bits / 8);
  if (bytes.length >= bytesMin) return;
  throw new DecodeError(
    `the chunk has ${bytes.length} bytes; what it holds takes ${bytesMin} or more`,
  );
}

/** What a chunk holds, set aside until all of it was read. */
class Events {
  readonly deliveries: number;
  readonly multicasts: number;
  readonly senders: Uint16Array;
  readonly sequences: Uint32Array;
  /** How many of the chunk's deliveries come before each multicast. */
  readonly deliveredBefore: Uint32Array;
  /** Notes by the place of their delivery in the chunk. */
  readonly contents = new ContentNotes();

  constructor(counts: SequenceCursor) {
    this.deliveries = counts.deliveries;
    this.multicasts = counts.multicasts;
    this.senders = new Uint16Array(counts.deliveries);
    this.sequences = new Uint32Array(counts.deliveries);
    this.deliveredBefore = new Uint32Array(counts.multicasts);
  }

  appendTo(into: DeliveredSequence): void {
    const noted = this.contents.positions;
    let [multicast, note] = [0, 0];
    for (let i = 0; i <= this.deliveries; i += 1) {
      for (; multicast < this.multicasts && this.deliveredBefore[multicast] === i; multicast += 1) {
        into.appendMulticast();
      }
      if (i < this.deliveries) into.appendDelivery(this.senders[i]!, this.sequences[i]!);
      if (noted[note] !== i) continue;
      into.noteContent(this.contents.at(note));
      note += 1;
    }
  }
}

/** Reads the symbols of one chunk into `events`. */
class SymbolReader {
  readonly #reader: BitReader;
  readonly #header: ChunkHeader;
  readonly #events: Events;
  readonly #expected: Expectations;
  #delivery = 0;
  #multicast = 0;
  /** Whether the last symbol was a note, so that the next one has to be its delivery. */
  #noted = false;

  constructor(reader: BitReader, header: ChunkHeader, events: Events) {
    this.#reader = reader;
    this.#header = header;
    this.#events = events;
    this.#expected = new Expectations(header.size);
  }

  readAll(): void {
    const { size, deliveries, multicasts } = this.#header;
    const symbolBits = bitsFor(size + 2);
    while (this.#delivery < deliveries || this.#multicast < multicasts) {
      const symbol = this.#reader.read(symbolBits);
      if (symbol > size + 1) throw new DecodeError(`there is no symbol ${symbol}`);
      if (symbol === size + 1) this.#readMulticast();
      else if (this.#delivery === deliveries) throw new DecodeError('more deliveries than counted');
      else if (symbol < size) this.#append(symbol, this.#expected.of(symbol));
      else this.#readIrregular();
    }
  }

  #readMulticast(): void {
    if (this.#multicast === this.#header.multicasts) {
      throw new DecodeError('more multicasts than counted');
    }
    if (this.#noted) throw new DecodeError('a note has no delivery after it');
    this.#events.deliveredBefore[this.#multicast] = this.#delivery;
    this.#multicast += 1;
  }

  #readIrregular(): void {
    if (this.#reader.read(1) === 0) this.#readDifference();
    else if (this.#header.hasNotes && this.#reader.read(1) === 1) this.#readNote();
    else this.#deliver(this.#reader.read(16), this.#reader.readLong(32));
  }

  #readDifference(): void {
    const { size } = this.#header;
    const sender = this.#reader.read(bitsFor(size));
    if (sender >= size) throw new DecodeError(`sender ${sender} of a group of ${size}`);
    const zigzag = this.#readGamma('difference');
    const difference = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    this.#append(sender, this.#expected.of(sender) + difference);
  }

  #readNote(): void {
    if (this.#noted) throw new DecodeError('a delivery has two notes');
    this.#noted = true;
    const length = this.#readGamma('length') - 1;
    const head = new Uint8Array(Math.min(length, CONTENT_HEAD_BYTES_MAX));
    for (let i = 0; i < head.length; i += 1) head[i] = this.#reader.read(8);
    this.#events.contents.append(this.#delivery, this.#readContent(length, head));
  }

  #readContent(length: number, head: Uint8Array): Content {
    if (length === head.length) return contentOf(head);
    const [high, low] = [this.#reader.readLong(32), this.#reader.readLong(32)];
    return { length, head, hash: { high, low } };
  }

  #readGamma(what: string): number {
    const value = this.#reader.readGamma();
    if (value > 0) return value;
    throw new DecodeError(`a ${what} is beyond 32 bits, or the chunk is cut off`);
  }

  /** Adds a delivery whose number tells which number of its sender is expected next. */
  #append(sender: number, sequence: number): void {
    if (!isU32(sequence)) {
      throw new DecodeError(`a sequence number comes out as ${sequence}, beyond 32 bits`);
    }
    this.#deliver(sender, sequence);
    this.#expected.note(sender, sequence);
  }

  #deliver(sender: number, sequence: number): void {
    this.#events.senders[this.#delivery] = sender;
    this.#events.sequences[this.#delivery] = sequence;
    this.#delivery += 1;
    this.#noted = false;
  }
}

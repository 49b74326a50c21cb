import { isU32 } from '../base/assert.ts';
import { BitReader } from '../base/bit-reader.ts';
import type { DeliveredSequence } from './delivered-sequence.ts';
import {
  bitsFor,
  DecodeError,
  Expectations,
  readHeader,
  type Header,
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
  readSymbols(reader, header.size, events);
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

function checkLength(bytes: Uint8Array, header: Header): void {
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

  constructor(counts: SequenceCursor) {
    this.deliveries = counts.deliveries;
    this.multicasts = counts.multicasts;
    this.senders = new Uint16Array(counts.deliveries);
    this.sequences = new Uint32Array(counts.deliveries);
    this.deliveredBefore = new Uint32Array(counts.multicasts);
  }

  appendTo(into: DeliveredSequence): void {
    let multicast = 0;
    for (let i = 0; i <= this.deliveries; i += 1) {
      for (; multicast < this.multicasts && this.deliveredBefore[multicast] === i; multicast += 1) {
        into.appendMulticast();
      }
      if (i < this.deliveries) into.appendDelivery(this.senders[i]!, this.sequences[i]!);
    }
  }
}

function readSymbols(reader: BitReader, size: number, events: Events): void {
  const symbolBits = bitsFor(size + 2);
  const expected = new Expectations(size);
  let [delivery, multicast] = [0, 0];
  while (delivery < events.deliveries || multicast < events.multicasts) {
    const symbol = reader.read(symbolBits);
    if (symbol > size + 1) throw new DecodeError(`there is no symbol ${symbol}`);
    if (symbol === size + 1) {
      if (multicast === events.multicasts) throw new DecodeError('more multicasts than counted');
      events.deliveredBefore[multicast] = delivery;
      multicast += 1;
      continue;
    }
    if (delivery === events.deliveries) throw new DecodeError('more deliveries than counted');
    if (symbol === size) {
      readIrregular(reader, size, expected, events, delivery);
    } else {
      events.senders[delivery] = symbol;
      const sequence = expected.of(symbol);
      if (!isU32(sequence)) throw new DecodeError('a sequence number is beyond 32 bits');
      events.sequences[delivery] = sequence;
      expected.note(symbol, sequence);
    }
    delivery += 1;
  }
}

function readIrregular(
  reader: BitReader,
  size: number,
  expected: Expectations,
  events: Events,
  delivery: number,
): void {
  if (reader.read(1) === 1) {
    events.senders[delivery] = reader.read(16);
    events.sequences[delivery] = reader.readLong(32);
    return;
  }
  const sender = reader.read(bitsFor(size));
  if (sender >= size) {
    throw new DecodeError(`sender ${sender} of a group of ${size}`);
  }
  const zigzag = reader.readGamma();
  if (zigzag === 0)
    throw new DecodeError('a difference is beyond 32 bits, or the chunk is cut off');
  const difference = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  const sequence = expected.of(sender) + difference;
  if (!isU32(sequence)) {
    throw new DecodeError(`a sequence number comes out as ${sequence}, beyond 32 bits`);
  }
  events.senders[delivery] = sender;
  events.sequences[delivery] = sequence;
  expected.note(sender, sequence);
}

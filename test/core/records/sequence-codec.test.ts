import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';
import { createRandom } from '../../../core/base/random.ts';
import {
  CHUNK_BYTES_MAX,
  decodeChunk,
  DecodeError,
  encodeChunk,
  encodeChunks,
  readChunkCounts,
} from '../../../core/records/sequence-codec.ts';
import { contentOf, wholeContent } from '../../../core/records/content.ts';
import { readHeader } from '../../../core/records/sequence-chunk.ts';
import { eventsOf, sequenceOf, type Event } from '../judge/logs.ts';

/** A chunk as it was written before chunks had notes. */
const VERSION_1 = [1, 3, 6, 1, 96, 54, 1, 224, 0, 0, 0, 96, 164, 11, 0, 240, 255, 255, 255, 15];
const START = { deliveries: 0, multicasts: 0 };
const LIMITS = { deliveries: 1_000_000, multicasts: 1_000_000 };

const eventArbitrary: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.nat(9), fc.nat(12)) },
  { weight: 2, arbitrary: fc.constant<Event>('multicast') },
  { weight: 1, arbitrary: fc.tuple(fc.nat(0xffff), fc.nat(0xffff_ffff)) },
  { weight: 1, arbitrary: fc.constantFrom<Event>([0, 0xffff_ffff], [0xffff, 0], [1, 0x80_0000]) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(9), fc.nat(12), fc.uint8Array({ maxLength: 20 })) },
);
/** The same events as `eventsOf` shows them. */
const shown = (events: readonly Event[]) => eventsOf(sequenceOf(events));
const sizeArbitrary = fc.oneof(fc.integer({ min: 1, max: 33 }), fc.constantFrom(255, 65_535));

describe('encoding and decoding', () => {
  test('is the identity, in one chunk or in many', () => {
    fc.assert(
      fc.property(
        fc.array(eventArbitrary, { maxLength: 200 }),
        sizeArbitrary,
        fc.integer({ min: 51, max: 300 }),
        (events, size, bytesMax) => {
          const sequence = sequenceOf(events);
          const whole = new DeliveredSequence();
          decodeChunk(encodeChunk(sequence, size, START), whole, LIMITS);
          expect(eventsOf(whole)).toEqual(shown(events));
          const pieced = new DeliveredSequence();
          let read = 0;
          for (const { bytes, ...counts } of encodeChunks(sequence, size, START, bytesMax)) {
            expect(bytes.length).toBeLessThanOrEqual(bytesMax);
            expect(readChunkCounts(bytes)).toEqual(counts);
            // Each by itself, so that a missing chunk damages no other.
            const alone = new DeliveredSequence();
            decodeChunk(bytes, alone, LIMITS);
            expect(eventsOf(alone)).toEqual(
              shown(events).slice(read, read + eventsOf(alone).length),
            );
            read += eventsOf(alone).length;
            expect(decodeChunk(bytes, pieced, LIMITS)).toEqual(counts);
          }
          expect(eventsOf(pieced)).toEqual(shown(events));
        },
      ),
    );
  });

  test('starts after the cursor and stops after deliveriesMax', () => {
    const events: Event[] = [[0, 0], 'multicast', [1, 0], [0, 1], 'multicast', [1, 1], [2, 9]];
    const into = new DeliveredSequence();
    const from = { deliveries: 1, multicasts: 0 };
    decodeChunk(encodeChunk(sequenceOf(events), 3, from, 2), into, LIMITS);
    expect(eventsOf(into)).toEqual(shown(events).slice(1, 5));
  });

  test('tells what was delivered, where that is noted: its length, its beginning, its hash', () => {
    const long = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
    const short = Uint8Array.of(1, 2, 3);
    const events: Event[] = [[0, 0, long], 'multicast', [1, 0], [1, 1, new Uint8Array(0)]];
    const into = new DeliveredSequence();
    decodeChunk(encodeChunk(sequenceOf([...events, [9, 9, short]]), 2, START), into, LIMITS);
    expect([...into.contents.positions]).toEqual([0, 2, 3]);
    expect(into.contents.at(0)).toEqual(contentOf(long));
    expect(wholeContent(into.contents.at(0))).toBeNull();
    expect(wholeContent(into.contents.at(1))).toEqual(new Uint8Array(0));
    expect(into.contents.find(3)).toEqual(contentOf(short));
    expect(into.contents.find(1)).toBeNull();
  });

  test('of version 1, which tells of no contents, is still read', () => {
    // (0, 0), a multicast, (1, 0), (9, 7), (2, 3), (0, 2^32 - 1), (0, 1) of three members.
    const bytes = Uint8Array.from(VERSION_1);
    expect(readHeader(bytes).hasNotes).toBe(false);
    const into = new DeliveredSequence();
    decodeChunk(bytes, into, LIMITS);
    const events: Event[] = [[0, 0], 'multicast', [1, 0], [9, 7], [2, 3], [0, 0xffff_ffff], [0, 1]];
    expect(eventsOf(into)).toEqual(shown(events));
    expect(readHeader(encodeChunk(sequenceOf(events), 3, START)).hasNotes).toBe(true);
  });

  test('of nothing is no chunk', () => {
    expect(encodeChunks(sequenceOf([[0, 0]]), 2, { deliveries: 1, multicasts: 0 })).toEqual([]);
  });
});

describe('size', () => {
  /** Every peer multicasts at 10 to 99 ms; delays of 5 to 150 ms jitter by a quarter; 1 % is lost. */
  function unorderedRun(size: number, messages: number, seed: number): DeliveredSequence {
    const random = createRandom(seed);
    const arrivals: { time: number; event: Event }[] = [];
    for (let sender = 0; sender < size; sender += 1) {
      const delay = sender === 0 ? 0 : 5 + random() * 145;
      for (let sequence = 0, time = 0; sequence < messages; sequence += 1) {
        time += 10 + random() * 89;
        if (sender === 0) arrivals.push({ time, event: 'multicast' });
        if (sender > 0 && random() < 0.01) continue;
        arrivals.push({ time: time + delay * (1 + random() / 4), event: [sender, sequence] });
      }
    }
    return sequenceOf(arrivals.toSorted((a, b) => a.time - b.time).map(({ event }) => event));
  }

  test.each([1, 2, 3])(
    'of an unordered run of 8 x 100 in 10 chunks: at most a byte a delivery',
    (seed) => {
      const sequence = unorderedRun(8, 100, seed);
      const into = new DeliveredSequence();
      let bytes = 0;
      for (let i = 0; i < 10; i += 1) {
        const from = { deliveries: into.length, multicasts: into.multicasts };
        const chunk = encodeChunk(sequence, 8, from, Math.ceil(sequence.length / 10));
        decodeChunk(chunk, into, LIMITS);
        bytes += chunk.length;
      }
      expect(eventsOf(into)).toEqual(eventsOf(sequence));
      expect(bytes).toBeLessThanOrEqual(sequence.length);
    },
  );

  test('800,000 deliveries are split below the largest chunk', () => {
    const random = createRandom(7);
    const sequence = new DeliveredSequence();
    for (let i = 0; i < 800_000; i += 1) {
      sequence.appendDelivery(i % 8, Math.floor(i / 8) + (random() < 0.2 ? 3 : 0));
    }
    const chunks = encodeChunks(sequence, 8, START);
    expect(chunks.length).toBeGreaterThan(1);
    const into = new DeliveredSequence();
    for (const { bytes } of chunks) {
      expect(bytes.length).toBeLessThanOrEqual(CHUNK_BYTES_MAX);
      decodeChunk(bytes, into, LIMITS);
    }
    expect(into.length).toBe(sequence.length);
    expect(into.senders.every((sender, i) => sender === sequence.senders[i])).toBe(true);
    expect(into.sequences.every((number, i) => number === sequence.sequences[i])).toBe(true);
  });
});

describe('bytes that are no chunk', () => {
  /** Decodes, or fails with a `DecodeError` and leaves what was there alone; anything else throws. */
  function tryDecode(bytes: Uint8Array): 'decoded' | 'refused' {
    const into = sequenceOf([[3, 3], 'multicast']);
    try {
      decodeChunk(bytes, into, LIMITS);
      return 'decoded';
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      expect(eventsOf(into)).toEqual([[3, 3], 'multicast']);
      return 'refused';
    }
  }

  test('random bytes, with or without a header, throw nothing but a DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), sizeArbitrary, (bytes, size) => {
        tryDecode(bytes);
        const counts = [bytes.length, Math.floor(bytes.length / 4)];
        tryDecode(Uint8Array.from([2, size & 0x7f, ...counts, ...bytes]));
      }),
      { numRuns: 500 },
    );
  });

  test('every truncation and every extension is refused', () => {
    fc.assert(
      fc.property(fc.array(eventArbitrary, { maxLength: 40 }), sizeArbitrary, (events, size) => {
        const bytes = encodeChunk(sequenceOf(events), size, START);
        for (let length = 0; length < bytes.length; length += 1) {
          expect(tryDecode(bytes.subarray(0, length))).toBe('refused');
        }
        expect(tryDecode(Uint8Array.from([...bytes, 0]))).toBe('refused');
      }),
    );
  });

  test.each([
    ['another version', [3, 1, 0, 0], 'has version 3; known are 1 and 2'],
    ['no members', [2, 0, 0, 0], 'of 0 members; allowed are 1 to 65535'],
    ['an endless number', [2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 'beyond 32 bits'],
    ['more deliveries than allowed', [2, 2, 101, 0], 'holds 101 deliveries; at most 100'],
    ['more multicasts than allowed', [2, 2, 0, 11], 'holds 11 multicasts; at most 10'],
    [
      'more than its bytes can hold',
      [2, 2, 100, 0, 1, 2, 3],
      'has 7 bytes; what it holds takes 29',
    ],
    ['more multicasts than it counts', [2, 2, 1, 0, 3], 'more multicasts than counted'],
    ['a symbol that does not exist', [2, 3, 1, 0, 7], 'no symbol 7'],
    ['a sequence number below 0', [2, 2, 1, 0, 0b1_0_0_10 | 0b1_0000], 'comes out as -1'],
    ['a note without a delivery', [2, 2, 1, 1, 0b11_1_11_10], 'has no delivery after it'],
    ['two notes of a delivery', [2, 2, 1, 0, 0b1_10_1_11_10, 0b1], 'has two notes'],
  ])('%s is named', (_, bytes, message) => {
    const into = new DeliveredSequence();
    const decode = () =>
      decodeChunk(Uint8Array.from(bytes), into, { deliveries: 100, multicasts: 10 });
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(message);
  });

  test('counts of four billion allocate nothing', () => {
    const bytes = Uint8Array.from([2, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]);
    const limits = { deliveries: 2 ** 32, multicasts: 0 };
    expect(() => decodeChunk(bytes, new DeliveredSequence(), limits)).toThrow('has 9 bytes');
  });
});

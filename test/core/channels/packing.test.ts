import { describe, expect, test } from '@jest/globals';
import { ByteBlocks } from '../../../core/base/byte-blocks.ts';
import { pack, spanOf, unpack, visitPack } from '../../../core/channels/pack.ts';
import { packing } from '../../../core/channels/packing.ts';
import { Kind, Message } from '../../../core/message.ts';
import { create as createUnordered } from '../../../core/orderings/unordered.ts';
import type { Ordering, Out } from '../../../core/ordering.ts';
import { messageSize } from '../../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_DEFAULT } from '../../../core/wire/datagram.ts';

const SENDER = 2;

function data(sequence: number, bytes = 0): Message {
  return new Message(Kind.data, SENDER, sequence, new Uint8Array(bytes).fill(sequence));
}

function contents(packed: Message): [number, number, number[]][] {
  const found: [number, number, number[]][] = [];
  unpack(packed, ({ sender, sequence, payload }) => found.push([sender, sequence, [...payload]]));
  return found;
}

describe('a pack', () => {
  test.each([
    [0, [0]],
    [0, [3]],
    [7, [0, 0, 0]],
    [7, [1, 0, 300, 2]],
  ])('gives back what was packed, numbered %i ahead, of %j bytes', (ahead, sizes) => {
    const messages = sizes.map((bytes, index) => data(10 + ahead + index, bytes));
    const packed = pack(10, messages, new ByteBlocks());
    expect([packed.kind, packed.sender, packed.sequence]).toEqual([Kind.data, SENDER, 10]);
    expect(spanOf(packed)).toEqual({ first: 10 + ahead, count: sizes.length });
    expect(contents(packed)).toEqual(
      messages.map(({ sender, sequence, payload }) => [sender, sequence, [...payload]]),
    );
  });

  test.each([[[0]], [[3]], [[1, 0, 300, 2]]])(
    'of %j bytes shows where each message lies',
    (sizes) => {
      const messages = sizes.map((bytes, index) => data(10 + index, bytes));
      const packed = pack(10, messages, new ByteBlocks());
      const found: [number, number[]][] = [];
      visitPack(packed, (sequence, begin, end) => {
        found.push([sequence, [...packed.payload.subarray(begin, end)]]);
      });
      expect(found).toEqual(messages.map(({ sequence, payload }) => [sequence, [...payload]]));
    },
  );

  test('costs a message that is alone one byte, and an empty one none', () => {
    expect(pack(4, [data(4)], new ByteBlocks()).payload).toHaveLength(0);
    expect(pack(4, [data(4, 20)], new ByteBlocks()).payload).toHaveLength(21);
  });

  test.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['with bytes too many', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0)],
    ['of an unknown form', (bytes: Uint8Array) => Uint8Array.of(9, ...bytes.subarray(1))],
  ])('%s is refused', (_how, change) => {
    const { payload } = pack(0, [data(0, 3), data(1, 3)], new ByteBlocks());
    const changed = new Message(Kind.data, SENDER, 0, change(payload));
    expect(() => unpack(changed, () => undefined)).toThrow('a pack');
  });

  test('that claims more messages than it has bytes is none to whoever counts', () => {
    const lying = new Message(Kind.data, SENDER, 0, Uint8Array.of(1, 0, 200, 1));
    expect(spanOf(lying).count).toBe(0);
  });
});

test('packs are handed on whole to whoever reads them, and otherwise as messages', () => {
  const told: string[] = [];
  const byPack = (packed: Message): void => {
    told.push(`pack ${packed.sequence} of ${spanOf(packed).count}`);
  };
  class Told implements Out {
    readonly told = told;
    multicast(): void {}
    send(): void {}
    deliver({ sequence }: Message): void {
      this.told.push(`message ${sequence}`);
    }
  }
  const deliver = Object.assign(() => undefined, { pack: byPack });
  const reader: Out = { multicast: () => undefined, send: () => undefined, deliver };
  for (const out of [new Told(), reader]) {
    const ordering = packing(createUnordered)({ self: 0, size: 2, random: Math.random }, out);
    ordering.receive(1, 1, pack(5, [data(7, 3), data(8, 0)], new ByteBlocks()));
  }
  expect(told).toEqual(['message 7', 'message 8', 'pack 5 of 2']);
});

/** An ordering that delivers its own multicasts when it is told to. */
function deferring(): { ordering: Ordering; packs: Message[]; delivered: number[]; out: Out } {
  const packs: Message[] = [];
  const delivered: number[] = [];
  let innerOut: Out | null = null;
  const create = packing((_group, out) => {
    innerOut = out;
    return {
      deadline: Infinity,
      held: 0,
      multicast: (_now, message) => void packs.push(message),
      receive: (_now, _from, message) => out.deliver(message),
      advance: () => undefined,
    };
  });
  const ordering = create(
    { self: SENDER, size: 4, random: () => 0 },
    {
      multicast: () => undefined,
      send: () => undefined,
      deliver: ({ sequence }) => void delivered.push(sequence),
    },
  );
  return { ordering, packs, delivered, out: innerOut! };
}

const counts = (packs: readonly Message[]): number[] => packs.map((each) => spanOf(each).count);

describe('packing', () => {
  test('lets a message that is alone leave at once, and schedules nothing', () => {
    const { ordering, packs } = deferring();
    for (let sequence = 0; sequence < 20; sequence += 1)
      ordering.multicast(sequence, data(sequence));
    expect(counts(packs)).toEqual(Array(20).fill(1));
    expect(ordering.deadline).toBe(Infinity);
  });

  test('lets what is multicast together leave together, and at once', () => {
    const { ordering, packs } = deferring();
    ordering.multicastAll!(9, [data(0), data(1), data(2)]);
    expect(counts(packs)).toEqual([3]);
    ordering.multicastAll!(9, [data(3), data(4)]);
    ordering.multicast(9, data(5));
    expect(counts(packs)).toEqual([3, 2, 1]);
    expect(ordering.deadline).toBe(Infinity);
  });

  test('gathers several that find no room behind what waits already', () => {
    const { ordering, packs, out } = deferring();
    for (let sequence = 0; sequence < 257; sequence += 1) {
      ordering.multicast(sequence, data(sequence));
    }
    ordering.multicastAll!(257, [data(257), data(258)]);
    expect(packs).toHaveLength(256);
    out.deliver(packs[0]!);
    ordering.advance(258);
    expect(spanOf(packs[256]!)).toEqual({ first: 256, count: 3 });
  });

  test('gathers while the ordering has as much as it can use, until one of these is delivered', () => {
    const { ordering, packs, out } = deferring();
    for (let sequence = 0; sequence < 300; sequence += 1)
      ordering.multicast(sequence, data(sequence));
    expect(packs).toHaveLength(256);
    out.deliver(packs[0]!);
    ordering.receive(300, 0, new Message(Kind.data, 0, 0));
    expect(counts(packs).slice(256)).toEqual([44]);
  });

  test('numbers packs without gaps, each of a size that fits a datagram, and delivers every message', () => {
    const { ordering, packs, delivered, out } = deferring();
    ordering.multicastAll!(
      5,
      Array.from({ length: 500 }, (_, sequence) => data(sequence, sequence % 97)),
    );
    expect(packs.map(({ sequence }) => sequence)).toEqual([...packs.keys()]);
    expect(packs.length).toBeLessThan(40);
    for (const each of packs)
      expect(messageSize(each)).toBeLessThanOrEqual(MESSAGES_BYTES_DEFAULT - 26);
    for (const each of packs) out.deliver(each);
    expect(delivered).toEqual(Array.from({ length: 500 }, (_, sequence) => sequence));
  });
});

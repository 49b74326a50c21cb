import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteWriter } from '../../../core/base/byte-writer.ts';
import {
  DATAGRAM_BYTES_DEFAULT,
  DatagramType,
  decodeHeader,
  endDatagram,
  RUN_TAG_BYTES,
  takeApart,
  writeHeader,
} from '../../../core/wire/datagram.ts';
import { receiverBit } from '../../../core/wire/receivers.ts';

function datagramOf(packet: number, bodyBytes: number): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(DATAGRAM_BYTES_DEFAULT).fill(packet));
  const address = { type: DatagramType.messages, sender: 31, half: 0, receivers: receiverBit(1) };
  writeHeader(writer, { ...address, packet }, new Uint8Array(RUN_TAG_BYTES));
  writer.offset += bodyBytes;
  return endDatagram(writer);
}

function apart(bytes: Uint8Array): Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  takeApart(bytes, (datagram) => datagrams.push(datagram));
  return datagrams;
}

function joined(datagrams: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(datagrams.flatMap((datagram) => [...datagram]));
}

describe('datagrams that came in one piece', () => {
  test('are taken apart, and each is as it was', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(lengths, (each) => {
        const datagrams = each.map((bodyBytes, packet) => datagramOf(packet, bodyBytes));
        const found = apart(joined(datagrams));
        expect(found).toEqual(datagrams);
        const headers = found.map(decodeHeader);
        expect(headers.map((header) => header?.packet)).toEqual([...each.keys()]);
        expect(headers.every((header) => header?.sender === 31)).toBe(true);
      }),
    );
  });

  test('are cut in other places once a length is wrong, and nothing of them is left out', () => {
    const datagrams = [datagramOf(1, 10), datagramOf(2, 10), datagramOf(3, 4)];
    const piece = joined(datagrams);
    fc.assert(
      fc.property(
        fc.constantFrom(2, 3, 48, 49, 94, 95),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const changed = piece.slice();
          changed[at]! ^= change;
          const found = apart(changed);
          expect(joined(found)).toEqual(changed);
          // What is cut in another place has a header, perhaps, but the seal that it ends with is not its own.
          expect(found).not.toEqual(datagrams);
        },
      ),
    );
  });

  test('may be anything: it ends, and nothing of it is left out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(joined(apart(bytes))).toEqual(bytes);
      }),
    );
  });
});

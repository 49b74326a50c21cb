import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SegmentBatch } from '../../../../peer/transport/native/segment-batch.ts';

/** Above 4 GiB, and so that both halves of addresses matter. */
const BASE = 0x7f12_ffff_f000;

/** Reads a batch's memory as Linux would on a machine of 64 bits (`struct mmsghdr`, `iovec`, `cmsghdr`). */
class Reader {
  readonly batch: SegmentBatch;
  #memory!: DataView;

  constructor() {
    this.batch = new SegmentBatch((memory) => {
      this.#memory = new DataView(memory);
      return BASE;
    });
  }

  /** The datagrams that the kernel would send for piece `piece`. */
  datagramsOf(piece: number): Uint8Array[] {
    const header = this.batch.addressOfHeader(piece) - BASE;
    expect([this.#word(header), this.#word(header + 24)]).toEqual([0, 1]);
    const vector = this.#word(header + 16) - BASE;
    const [base, length] = [this.#word(vector) - BASE, this.#word(vector + 8)];
    const step = this.#segmentBytes(header) ?? length;
    const count = Math.max(1, Math.ceil(length / Math.max(1, step)));
    return Array.from({ length: count }, (_, index) => {
      const bytes = Math.min(step, length - index * step);
      return new Uint8Array(this.#memory.buffer, base + index * step, bytes).slice();
    });
  }

  #segmentBytes(header: number): number | null {
    const [control, bytes] = [this.#word(header + 32), this.#word(header + 40)];
    if (bytes === 0) {
      expect(control).toBe(0);
      return null;
    }
    const at = control - BASE;
    expect([bytes, this.#word(at)]).toEqual([24, 18]);
    expect([this.#memory.getInt32(at + 8, true), this.#memory.getInt32(at + 12, true)]).toEqual([
      17, 103,
    ]);
    return this.#memory.getUint16(at + 16, true);
  }

  #word(at: number): number {
    return Number(this.#memory.getBigUint64(at, true));
  }
}

const filled = (length: number, index: number): Uint8Array => new Uint8Array(length).fill(index);

function lengthsOf(datagrams: readonly Uint8Array[]): number[] {
  return datagrams.map(({ length }) => length);
}

describe('datagrams laid out for the kernel', () => {
  test('of one length are one piece, which a shorter one ends', () => {
    const { batch } = new Reader();
    for (const [index, length] of [500, 500, 500, 200, 200, 700].entries())
      batch.add(filled(length, index));
    expect(batch.pieces).toBe(3);
    expect(lengthsOf(batch.datagramsFrom(0))).toEqual([500, 500, 500, 200, 200, 700]);
    expect(lengthsOf(batch.datagramsFrom(1))).toEqual([200, 700]);
  });

  test('are all taken, in their order, whatever their lengths, as long as there is room', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 1_200 }), { maxLength: 90 });
    const batches = fc.array(lengths, { minLength: 1, maxLength: 3 });
    const reader = new Reader();
    fc.assert(
      fc.property(batches, (all) => {
        for (const each of all) {
          reader.batch.clear();
          const added = each.map(filled).filter((datagram) => reader.batch.add(datagram));
          const pieces = Array.from({ length: reader.batch.pieces }, (_, piece) => piece);
          expect(pieces.flatMap((piece) => reader.datagramsOf(piece))).toEqual(added);
          expect(reader.batch.datagramsFrom(0)).toEqual(added);
        }
      }),
    );
  });

  test('take no more than the kernel takes: 64 datagrams a piece, 64 pieces, 65,000 bytes', () => {
    const { batch } = new Reader();
    const add = (count: number, length: (index: number) => number): number => {
      batch.clear();
      const datagrams = Array.from({ length: count }, (_, index) => filled(length(index), index));
      return datagrams.filter((datagram) => batch.add(datagram)).length;
    };
    expect([add(65, () => 40), batch.pieces]).toEqual([65, 2]);
    expect([add(80, (index) => index + 1), batch.pieces]).toEqual([64, 64]);
    expect([add(60, () => 1_200), batch.pieces]).toEqual([54, 1]);
  });
});

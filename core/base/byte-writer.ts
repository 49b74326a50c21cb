import { assert, isU32 } from './assert.ts';

/** Bytes that an unsigned 32-bit `value` takes as a varint: 1 to 5. Throws an `InvariantError` for any other number. */
export function varintSize(value: number): number {
  assert(isU32(value), 'a varint carries an unsigned 32-bit integer');
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** Writes numbers and bytes one after another into an array that the caller made large enough. */
export class ByteWriter {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;

  /** Writes from `offset` on, and nothing at `end` or beyond. */
  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.bytes[this.offset++] = value;
  }

  /** Big-endian, as network protocols have it. */
  u16(value: number): void {
    this.u8(value >>> 8);
    this.u8(value & 0xff);
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value & 0xffff);
  }

  /** Seven bits a byte, least significant first, the top bit set on all but the last (LEB128). */
  varint(value: number): void {
    this.#reserve(varintSize(value));
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.offset++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.offset++] = rest;
  }

  raw(source: Uint8Array): void {
    this.#reserve(source.length);
    this.bytes.set(source, this.offset);
    this.offset += source.length;
  }

  #reserve(size: number): void {
    assert(this.offset + size <= this.end, 'the array was made large enough');
  }
}

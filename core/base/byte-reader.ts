/**
 * Reads what a ByteWriter wrote, from bytes that anybody may have sent. Never throws: a read past the
 * end, or a number that is not in its one shortest form, gives 0 and sets `failed`, which stays set.
 * The caller looks at `failed` once, after a group of reads.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;
  failed = false;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  /** Whether there is more to read, and all reads so far succeeded. */
  get more(): boolean {
    return !this.failed && this.offset < this.end;
  }

  u8(): number {
    if (this.offset >= this.end) return this.#fail();
    return this.bytes[this.offset++]!;
  }

  u16(): number {
    return this.u8() * 0x100 + this.u8();
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  varint(): number {
    let value = 0;
    // Arithmetic, not shifts: the fifth byte reaches beyond 31 bits.
    for (let unit = 1; unit < 2 ** 35; unit *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        const isShortest = byte !== 0 || unit === 1;
        return isShortest && value <= 0xffff_ffff ? value : this.#fail();
      }
    }
    return this.#fail();
  }

  /** A view of the next `size` bytes; of no byte where fewer are left. */
  raw(size: number): Uint8Array {
    const begin = this.skip(size);
    return this.bytes.subarray(begin, this.offset);
  }

  /** Passes over the next `size` bytes, and returns where they begin. */
  skip(size: number): number {
    const begin = this.offset;
    if (size > this.end - begin) this.#fail();
    else this.offset += size;
    return begin;
  }

  #fail(): number {
    this.failed = true;
    return 0;
  }
}

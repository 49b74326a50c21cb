import { grown } from './grown.ts';

/** Writes numbers bit by bit, least significant first, into a buffer that grows. */
export class BitWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(Math.max(16, capacity));
  }

  /** How many bytes `finish` would give now. */
  get length(): number {
    return this.#length + (this.#pendingBits > 0 ? 1 : 0);
  }

  /** Writes the lowest `bits` bits of `value`: 0 to 24. */
  write(value: number, bits: number): void {
    this.#pending |= value << this.#pendingBits;
    this.#pendingBits += bits;
    while (this.#pendingBits >= 8) {
      this.#push(this.#pending & 0xff);
      this.#pending >>>= 8;
      this.#pendingBits -= 8;
    }
  }

  /** Elias gamma code (Elias 1975) of a number in 1..2^32-1: its length in unary, then its bits. */
  writeGamma(value: number): void {
    const bits = 31 - Math.clz32(value);
    this.writeLong(0, bits);
    this.write(1, 1);
    this.writeLong(value - 2 ** bits, bits);
  }

  /** Does what `write` does, for 0 to 32 bits. */
  writeLong(value: number, bits: number): void {
    this.write(value & 0xffff, Math.min(bits, 16));
    if (bits > 16) this.write(value >>> 16, bits - 16);
  }

  /** Everything written, the last byte filled up with zeros. */
  finish(): Uint8Array {
    if (this.#pendingBits > 0) this.write(0, 8 - this.#pendingBits);
    return this.#bytes.slice(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      this.#bytes = grown(this.#bytes, 2 * this.#length);
    }
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }
}

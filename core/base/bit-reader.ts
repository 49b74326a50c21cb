/** Reads what a `BitWriter` wrote. Beyond the end it reads zeros and `overrun` becomes true. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #next: number;
  #pending = 0;
  #pendingBits = 0;
  #borrowed = 0;

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#next = from;
  }

  /** Whether more bits were read than there are. */
  get overrun(): boolean {
    return this.#borrowed * 8 > this.#pendingBits;
  }

  /** Whether all bytes were read, and the bits left over in the last one are zeros. */
  get exhausted(): boolean {
    return !this.overrun && this.#next === this.#bytes.length && this.#pending === 0;
  }

  /** The next `bits` bits: 0 to 24. */
  read(bits: number): number {
    while (this.#pendingBits < bits) {
      if (this.#next < this.#bytes.length) {
        this.#pending |= this.#bytes[this.#next]! << this.#pendingBits;
        this.#next += 1;
      } else {
        this.#borrowed += 1;
      }
      this.#pendingBits += 8;
    }
    const value = this.#pending & ((1 << bits) - 1);
    this.#pending >>>= bits;
    this.#pendingBits -= bits;
    return value;
  }

  /** The next Elias gamma code: 1..2^32-1; 0 when there is none of at most 32 bits. */
  readGamma(): number {
    let bits = 0;
    while (this.read(1) === 0) {
      bits += 1;
      if (bits > 31) return 0;
    }
    return 2 ** bits + this.readLong(bits);
  }

  /** Does what `read` does, for 0 to 32 bits. */
  readLong(bits: number): number {
    const low = this.read(Math.min(bits, 16));
    return bits > 16 ? this.read(bits - 16) * 0x1_0000 + low : low;
  }
}

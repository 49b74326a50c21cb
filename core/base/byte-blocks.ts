/** The longest block: some 50 packs of the usual size. The first ones are shorter, for whoever needs a few only. */
const BLOCK_BYTES_MAX = 64 * 1024;
const BLOCK_BYTES_MIN = 1024;

/**
 * Bytes for many owners that live about as long as each other, cut from blocks: an array with memory of its
 * own takes three times as long to make. A block is given back once nobody holds any part of it.
 */
export class ByteBlocks {
  #block = new Uint8Array(0);
  #used = 0;

  /** `size` bytes of zero. */
  take(size: number): Uint8Array {
    if (size > BLOCK_BYTES_MAX / 4) return new Uint8Array(size);
    if (this.#used + size > this.#block.length) {
      const wanted = Math.max(BLOCK_BYTES_MIN, 2 * this.#block.length, 4 * size);
      this.#block = new Uint8Array(Math.min(wanted, BLOCK_BYTES_MAX));
      this.#used = 0;
    }
    const taken = this.#block.subarray(this.#used, this.#used + size);
    this.#used += size;
    return taken;
  }
}

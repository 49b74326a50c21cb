/** The parameters of 64 bits, in halves of 32: the offset basis, and the prime 2^40 + 0x1b3. */
const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;

/** A hash of 64 bits, as two unsigned numbers of 32. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/**
 * The FNV-1a hash of 64 bits (Fowler, Noll, Vo, Eastlake and Hansen, _The FNV Non-Cryptographic Hash
 * Algorithm_, IETF draft-eastlake-fnv), in whole numbers of 32 bits, since BigInt takes several times
 * as long.
 *
 * It is a fingerprint: two texts that differ by accident have the same one with a chance of 2^-64.
 * Whoever wants two texts with the same fingerprint can make them: it proves nothing about a liar.
 */
export function hashFnv1a(bytes: Uint8Array): Hash64 {
  let high = OFFSET_HIGH | 0;
  let low = OFFSET_LOW | 0;
  for (let i = 0; i < bytes.length; i += 1) {
    low ^= bytes[i]!;
    // Multiplies by the prime. Its low part multiplies both halves, and the lower half's carry goes
    // to the upper one; its 2^40 moves the lower half into the upper one, by 8 bits.
    const lowest = (low & 0xffff) * PRIME_LOW;
    const lower = (low >>> 16) * PRIME_LOW + (lowest >>> 16);
    high = (Math.imul(high, PRIME_LOW) + (lower >>> 16) + (low << 8)) | 0;
    low = (lower << 16) | (lowest & 0xffff);
  }
  return { high: high >>> 0, low: low >>> 0 };
}

/** The same hash as 16 hexadecimal digits. */
export function fnv1a64(bytes: Uint8Array): string {
  return hash64Text(hashFnv1a(bytes));
}

export function hash64Text({ high, low }: Hash64): string {
  return hex32(high) + hex32(low);
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** The parameters of 64 bits. BigInt costs a microsecond a hash; nobody hashes for every message. */
const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/**
 * The FNV-1a hash of 64 bits (Fowler, Noll, Vo, Eastlake and Hansen, _The FNV Non-Cryptographic Hash
 * Algorithm_, IETF draft-eastlake-fnv), as 16 hexadecimal digits.
 *
 * It is a fingerprint: two states that differ by accident have the same one with a chance of 2^-64.
 * Whoever wants two states with the same fingerprint can make them: it proves nothing about a liar.
 */
export function fnv1a64(bytes: Uint8Array): string {
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  return hash.toString(16).padStart(16, '0');
}

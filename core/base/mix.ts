/**
 * Mixes the bits of an unsigned or signed word so that each bit of the result depends on all of them: one
 * result for each word, and the other way round. Returns an unsigned word.
 * Source: the finalizer of MurmurHash3 (Austin Appleby, 2011), fmix32.
 */
export function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

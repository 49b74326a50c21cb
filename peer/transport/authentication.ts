import { hash, hkdfSync } from 'node:crypto';
import { DATAGRAM_BYTES_MAX, RUN_TAG_BYTES, TAG_BYTES } from '../../core/wire/datagram.ts';

/** The keys of one run: they make and check the tag at the end of each datagram. */
export interface RunKey {
  /** Tells which run a datagram belongs to, and tells nothing about the run's key. */
  readonly runTag: Uint8Array;
  /** Writes the tag into the datagram's last TAG_BYTES. */
  seal(datagram: Uint8Array): void;
  /** Whether the tag is that of a holder of the laboratory's secret, for this run. */
  verify(datagram: Uint8Array): boolean;
}

/** The bytes that SHA-256 takes in at a time, and the bytes of its result. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/**
 * Derives a run's keys from the laboratory's master secret, which never travels: HKDF-SHA-256
 * (RFC 5869) with the run's id as salt. The tag is HMAC-SHA-256 (RFC 2104) cut to 128 bits.
 */
export function deriveRunKey(secret: string, runId: string): RunKey {
  const derive = (purpose: string, size: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, runId, `mpcomm/1 ${purpose}`, size));
  const tagOf = createTagger(derive('datagram key', DIGEST_BYTES));
  return {
    runTag: derive('run tag', RUN_TAG_BYTES),
    seal: (datagram) => datagram.set(tagOf(datagram), datagram.length - TAG_BYTES),
    verify: (datagram) => isSameTag(tagOf(datagram), datagram, datagram.length - TAG_BYTES),
  };
}

/**
 * HMAC (RFC 2104, section 2) from its definition: a hash of the outer pad and of the hash of the inner
 * pad and the text. Both pads are kept in front of the places to which text and inner hash are copied.
 * Node's `createHmac` makes three objects for each datagram, which takes several times as long as the
 * hashing; a digest as text, a byte a character, is made several times faster than one as a Buffer. The result of the
 * returned function is valid until its next call. `key` has at most 64 bytes.
 */
export function createTagger(key: Uint8Array): (datagram: Uint8Array) => Uint8Array {
  const inner = new Uint8Array(BLOCK_BYTES + DATAGRAM_BYTES_MAX).fill(0x36, 0, BLOCK_BYTES);
  const digest = Buffer.alloc(DIGEST_BYTES);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES).fill(0x5c, 0, BLOCK_BYTES);
  for (const [index, byte] of key.entries()) {
    inner[index]! ^= byte;
    outer[index]! ^= byte;
  }
  const tag = digest.subarray(0, TAG_BYTES);
  return (datagram) => {
    const textBytes = datagram.length - TAG_BYTES;
    // Its own tag is copied with it, and not hashed: a view of the rest would take longer to make than that takes.
    inner.set(datagram, BLOCK_BYTES);
    const text = inner.subarray(0, BLOCK_BYTES + textBytes);
    outer.write(hash('sha256', text, 'binary'), BLOCK_BYTES, 'binary');
    digest.write(hash('sha256', outer, 'binary'), 'binary');
    return tag;
  };
}

/** Compares in the same time whatever the tags are: the time must not tell how much of a tag is right. */
function isSameTag(tag: Uint8Array, datagram: Uint8Array, offset: number): boolean {
  let difference = 0;
  for (let index = 0; index < TAG_BYTES; index += 1) {
    difference |= tag[index]! ^ datagram[offset + index]!;
  }
  return difference === 0;
}

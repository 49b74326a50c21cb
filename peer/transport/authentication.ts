import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { RUN_TAG_BYTES, TAG_BYTES } from '../../core/wire/datagram.ts';

/** The keys of one run: they make and check the tag at the end of each datagram. */
export interface RunKey {
  /** Tells which run a datagram belongs to, and nothing about its key. */
  readonly runTag: Uint8Array;
  /** Writes the tag into the datagram's last TAG_BYTES. */
  seal(datagram: Uint8Array): void;
  /** Whether the tag is that of a holder of the laboratory's secret, for this run. */
  verify(datagram: Uint8Array): boolean;
}

/**
 * Derives a run's keys from the laboratory's master secret, which never travels: HKDF-SHA-256
 * (RFC 5869) with the run's id as salt. The tag is HMAC-SHA-256 (RFC 2104) cut to 128 bits.
 */
export function deriveRunKey(secret: string, runId: string): RunKey {
  const derive = (purpose: string, size: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, runId, `mpcomm/1 ${purpose}`, size));
  const key = derive('datagram key', 32);
  const tagOf = (datagram: Uint8Array): Buffer =>
    createHmac('sha256', key)
      .update(datagram.subarray(0, datagram.length - TAG_BYTES))
      .digest()
      .subarray(0, TAG_BYTES);
  return {
    runTag: derive('run tag', RUN_TAG_BYTES),
    seal: (datagram) => datagram.set(tagOf(datagram), datagram.length - TAG_BYTES),
    verify: (datagram) =>
      timingSafeEqual(tagOf(datagram), datagram.subarray(datagram.length - TAG_BYTES)),
  };
}

import { type Hash64, hash64Text, hashFnv1a } from '../base/fnv.ts';

/**
 * The number of first bytes of a content that are kept: a bank's operation, of at most 4, is known
 * whole.
 */
export const CONTENT_HEAD_BYTES_MAX = 8;

/**
 * What a message carried, as far as it is written down: enough to tell two contents apart and to show
 * them to a person. Contents of up to 8 bytes are known whole. Longer ones are told apart by their hash
 * (FNV-1a of 64 bits, core/base/fnv.ts): two of them share it by accident with a chance of 2^-64, and a
 * program that means to deceive can make two that do.
 */
export interface Content {
  /** How many bytes it has. */
  readonly length: number;
  /** Its first 8 bytes; all of them, where it has no more. */
  readonly head: Uint8Array;
  /** The hash of all its bytes. */
  readonly hash: Hash64;
}

/** What each message of a run carried when its sender multicast it. */
export interface MulticastContents {
  of(sender: number, sequence: number): Content;
}

export function contentOf(payload: Uint8Array): Content {
  return {
    length: payload.length,
    // This copies, also for a Buffer, whose own `slice` would share its bytes.
    head: new Uint8Array(payload.subarray(0, CONTENT_HEAD_BYTES_MAX)),
    hash: hashFnv1a(payload),
  };
}

export function isSameContent(a: Content, b: Content): boolean {
  return a.length === b.length && a.hash.high === b.hash.high && a.hash.low === b.hash.low;
}

/** All bytes of a content; `null` where only the first ones are known. */
export function wholeContent({ length, head }: Content): Uint8Array | null {
  return head.length === length ? head : null;
}

/**
 * The content for a person: `no bytes`, or `300 bytes 0001020304050607... (hash 08328807b4eb6fed)`.
 */
export function contentText({ length, head, hash }: Content): string {
  if (length === 0) return 'no bytes';
  const hex = [...head].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const rest = length > head.length ? '...' : '';
  return `${length} byte${length === 1 ? '' : 's'} ${hex}${rest} (hash ${hash64Text(hash)})`;
}

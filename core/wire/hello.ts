import type { ByteWriter } from '../base/byte-writer.ts';
import { bodyReader } from './datagram.ts';
import { membersBytes } from './member-bitmap.ts';

export interface Hello {
  /** Microseconds on the asker's clock modulo 2^32, which the reply gives back. */
  readonly clock: number;
  /** `toBitmap` of the members that were heard; the sender counts as heard. */
  readonly heard: Uint8Array;
}

export function writeHello(writer: ByteWriter, hello: Hello): void {
  writer.u32(hello.clock);
  writer.raw(hello.heard);
}

/** `size` is the number of members, which fixes the length of the list of those heard. */
export function decodeHello(bytes: Uint8Array, size: number): Hello | null {
  const reader = bodyReader(bytes);
  const clock = reader.u32();
  const heard = reader.raw(membersBytes(size));
  return reader.failed || reader.more ? null : { clock, heard };
}

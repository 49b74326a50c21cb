/** Bytes of a list of members, of which there are `size`. */
export function membersBytes(size: number): number {
  return Math.ceil(size / 8);
}

/** A list of members: bit i & 7 of byte i >> 3 is set when member i is in it. */
export function toBitmap(members: Iterable<number>, size: number): Uint8Array {
  const bitmap = new Uint8Array(membersBytes(size));
  for (const member of members) bitmap[member >> 3]! |= 1 << (member & 7);
  return bitmap;
}

/** The members in a bitmap, ascending. */
export function fromBitmap(bitmap: Uint8Array, size: number): number[] {
  const members = Array.from({ length: size }, (_, member) => member);
  return members.filter((member) => (bitmap[member >> 3]! & (1 << (member & 7))) !== 0);
}

/**
 * A datagram names its receivers by a bit for each member of one half of the group: members 0 to 31, or 32 to 63.
 * What goes to both halves is two datagrams.
 */
export const MEMBERS_MAX = 64;

/** The half of the group that `member` is in: 0 or 1. */
export function halfOf(member: number): number {
  return member >>> 5;
}

/** The bit of `member` among those of its half. */
export function receiverBit(member: number): number {
  return (1 << (member & 31)) >>> 0;
}

/** The bits of `members`, who are all in one half. */
export function receiverBits(members: readonly number[]): number {
  let bits = 0;
  for (const member of members) bits |= receiverBit(member);
  return bits >>> 0;
}

/**
 * Up to which number `members` of them hold all, where member i holds all up to `heldUpTo[i]`: their greatest numbers but
 * the last of these. A commit index is found in this way in Raft as well (Ongaro and Ousterhout, "In search of an
 * understandable consensus algorithm", 2014, section 5.3).
 */
export function heldBy(members: number, heldUpTo: readonly number[]): number {
  return heldUpTo.toSorted((one, other) => other - one)[members - 1]!;
}

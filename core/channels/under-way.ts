/** The most messages, or packs, that all members together have under way; each may always have a few. */
const UNDER_WAY_MAX = 1_024;
const UNDER_WAY_MIN_OF_ONE = 8;

/**
 * How many messages (or packs) of its own a member of a group of `size` may have under way, which means
 * multicast and not delivered; further ones wait at the member.
 *
 * More would bring nothing, as the ordering is busy with these. What is under way is also part of the
 * state that a change of view carries from member to member, which has to be small enough to be agreed
 * on while the group is overloaded, or each attempt adds to the load that made it fail. Runs at the usual
 * intervals stay below these numbers, so that nothing is held back there.
 */
export function underWayMaxOf(size: number): number {
  return Math.max(UNDER_WAY_MIN_OF_ONE, Math.floor(UNDER_WAY_MAX / size));
}

/** A datagram names its receivers by the bits of one number, so that there are at most 32. */
export const RECEIVERS_MAX = 32;

/** The bit of member `member` in a number of receivers. */
export function receiverBit(member: number): number {
  return (1 << member) >>> 0;
}

/**
 * The least member in `receivers` (bits), which are not none. With `withoutFirst` one goes through all of them,
 * at a step for each: `for (let rest = receivers; rest !== 0; rest = withoutFirst(rest))`.
 */
export function firstReceiver(receivers: number): number {
  return 31 - Math.clz32(receivers & -receivers);
}

/** `receivers` without the least of them. */
export function withoutFirst(receivers: number): number {
  return receivers & (receivers - 1);
}

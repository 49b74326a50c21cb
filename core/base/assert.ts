/** An invariant of this program that turned out false: a defect, never a user's mistake. */
export class InvariantError extends Error {
  override name = 'InvariantError';
}

/**
 * Stops at once when an argument or an invariant is not what the caller promised.
 * Stays on in production: a wrong result is worse than a stopped run.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The largest number that a message field carries on the wire: 32 unsigned bits. */
export const U32_MAX = 0xffff_ffff;

/** Whether `value` is an integer in 0..2^32-1. */
export function isU32(value: number): boolean {
  return value >>> 0 === value;
}

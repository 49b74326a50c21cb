import { describeGiven } from './given-value.ts';

/**
 * Refuses to send to a member that does not exist, or to the sender itself: what is sent there is lost in silence,
 * since no channel to it ends anywhere. This runs for each message that is sent.
 * @throws RangeError that says what was given for a member, and what is allowed.
 */
export function requireDestination(to: number, self: number, size: number): void {
  if (Number.isInteger(to) && to >= 0 && to < size && to !== self) return;
  throw new RangeError(
    `an ordering sent to ${described(to)}; allowed: 0 to ${size - 1}, but not itself (${self})`,
  );
}

/** What was given for a member: files in JavaScript get past the compiler. */
function described(to: unknown): string {
  if (typeof to === 'object' && to !== null) {
    return 'an object for a member (send takes the member first, then the message)';
  }
  return `member ${describeGiven(to)}`;
}

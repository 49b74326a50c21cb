/** Greater ballots come from nobody: a run has no 2^31 attempts, and a next one must still fit in 32 bits. */
const BALLOT_MAX = 0x8000_0000;

/**
 * The numbers of attempts at a view. Those of member `self` in a group of `size` are self, self + size, self + 2 size...,
 * so that no two members have the same.
 */
export class MembershipBallots {
  readonly #self: number;
  readonly #size: number;
  /** The greatest that this member heard of. */
  #seen = 0;

  constructor(self: number, size: number) {
    this.#self = self;
    this.#size = size;
  }

  /** Notes that somebody named `ballot`; false if no member can have meant it. */
  see(ballot: number): boolean {
    if (ballot > BALLOT_MAX) return false;
    this.#seen = Math.max(this.#seen, ballot);
    return true;
  }

  /** This member's next, greater than `promised` and than any that it heard of. */
  next(promised: number): number {
    const seen = Math.max(this.#seen, promised);
    return (Math.floor(seen / this.#size) + 1) * this.#size + this.#self;
  }

  /** Whether `member` made the attempt that this one may wait for: the one that it `promised`, or the newest that it heard of. */
  isAwaited(member: number, promised: number): boolean {
    return this.ownerOf(promised) === member || this.ownerOf(this.#seen) === member;
  }

  /**
   * Whether a member that `promised` may add to its log what one that promised `ballot` knows to be agreed on. Whoever follows
   * another keeps its log as it told it: what it stored goes on from there, and so does what it is to store. What was
   * agreed on under a smaller ballot is part of that.
   */
  allowsMore(promised: number, ballot: number): boolean {
    return ballot <= promised || this.ownerOf(promised) === this.#self;
  }

  /** Whose `ballot` is. */
  ownerOf(ballot: number): number {
    return ballot % this.#size;
  }
}

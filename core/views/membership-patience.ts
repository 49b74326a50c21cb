/** Each trusted member with a smaller index has this long to propose before a member does. */
const STAGGER_US = 600_000;
/**
 * A member that froze its ordering on its own, since it had been stopped, gives each of those before it this long, and all
 * of them together no more than the second number. Nobody else wants a change if it alone was stopped. If all were, as
 * on a machine that slept, then the first of them has proposed to the rest meanwhile, over most distances.
 */
const STOPPED_STAGGER_US = 20_000;
const STOPPED_US_MAX = 200_000;
/** A member that came back waits this long for others that come back with it. */
const REJOIN_US = 200_000;
/** A proposer refused in favour of a suspected one tries again after this to twice this long, as does who was left out. */
const REFUSED_US = 300_000;
/** An attempt of one's own may stand still for this long before the next. */
const PATIENCE_US = 2_000_000;
/**
 * The patience doubles with each attempt that a member makes or promises, up to this, until a view
 * begins with all that live.
 */
const PATIENCE_US_MAX = 16_000_000;
/**
 * A member gives somebody else's attempt its own patience twice, and once more for each trusted member before it,
 * but at most this in all. The bound is less than a proposer gives itself, or a proposer that is cut off
 * from a member would go on for ever.
 */
const WAIT_US_MAX = 12_000_000;

/**
 * A proposer that can go on without the others waits at most this long for them: less than the others leave to it, so
 * that it is who goes on without the one that does not answer, since nobody else knows who that is.
 */
const LAST_ANSWERS_US_MAX = 9_000_000;

/**
 * What is awaited may come in thousands of pieces. A piece makes a member wait on if it comes this long after the wait
 * began, or was last made longer: less than any patience, and so much that it is seldom told to others.
 */
const PIECE_US = 1_000_000;

/**
 * When a member attempts the next change of view. Any times are safe: these are such that normally one
 * member proposes, that members whose proposals collided do not collide again, and that attempts get
 * longer until one is long enough for the network as it is.
 */
export class MembershipPatience {
  #deadline = Infinity;
  readonly #random: () => number;
  #patienceUs = PATIENCE_US;
  /** From when on a piece of what is awaited makes this member wait on; `Infinity` while it awaits nothing. */
  #piecesCountFrom = Infinity;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** `Infinity` when no attempt is planned. */
  get deadline(): number {
    return this.#deadline;
  }

  /**
   * Plans an attempt, since the view cannot go on, and `rank` trusted members have a better right to
   * make it.
   */
  plan(now: number, rank: number): void {
    this.#attemptBy(now + rank * STAGGER_US);
  }

  /** Plans an attempt of a member that froze its ordering while the others, as far as it knows, go on. */
  planStopped(now: number, rank: number): void {
    this.#attemptBy(now + Math.min(rank * STOPPED_STAGGER_US, STOPPED_US_MAX));
  }

  /** Plans an attempt to take back who was left out and rests until `restsUntil`; none for `Infinity`. */
  planRejoin(now: number, rank: number, restsUntil: number): void {
    const soonest = Math.max(now + REJOIN_US, restsUntil);
    this.#attemptBy(soonest + rank * STAGGER_US);
  }

  /** Doubles the patience, since an attempt begins, this member's own or another's. */
  grow(): void {
    this.#patienceUs = Math.min(this.#patienceUs * 2, PATIENCE_US_MAX);
  }

  /** Waits for answers in this member's own attempt, which begins or moves on; `canGoOn` without those that do not come. */
  awaitAnswers(now: number, canGoOn: boolean): void {
    this.#await(now, Math.min(this.#patienceUs, canGoOn ? LAST_ANSWERS_US_MAX : Infinity));
  }

  /** Leaves the change to somebody else for a while. */
  yieldTo(now: number, rank: number): void {
    this.#await(now, Math.min(this.#patienceUs * (rank + 2), WAIT_US_MAX));
  }

  /** Waits no longer for a piece that came, though others are to hear of it. */
  notePiece(now: number): void {
    this.#piecesCountFrom = now + PIECE_US;
  }

  /** Whether a piece of what this member awaits, that comes now, makes it wait on. */
  isPieceDue(now: number): boolean {
    return now >= this.#piecesCountFrom;
  }

  /**
   * Plans a further attempt: this member's ballot was too small, and the member with the greater
   * one may be dead, or a view has begun without this member.
   */
  retry(now: number): void {
    this.#attemptBy(now + this.#spread(REFUSED_US));
  }

  /** Waits until those who refused, since this member is to rest, may have found that it has rested. */
  askAgain(now: number): void {
    this.#attemptBy(now + REJOIN_US);
  }

  /** Plans nothing, since a view began; with everybody who lives in it (`isWhole`), patience starts anew. */
  end(isWhole: boolean): void {
    if (isWhole) this.#patienceUs = PATIENCE_US;
    this.stop();
  }

  /** Plans nothing any more, and awaits nothing. */
  stop(): void {
    this.#deadline = Infinity;
    this.#piecesCountFrom = Infinity;
  }

  #await(now: number, us: number): void {
    this.#deadline = now + this.#spread(us);
    this.notePiece(now);
  }

  #attemptBy(us: number): void {
    this.#deadline = Math.min(this.#deadline, us);
    this.#piecesCountFrom = Infinity;
  }

  /** A random time from `us` to twice that, but at most `PATIENCE_US` longer than `us`. */
  #spread(us: number): number {
    return us + Math.floor(this.#random() * Math.min(us, PATIENCE_US));
  }
}

/**
 * The least time between two rebuildings: they are cheap, but a command that came late should not cause
 * two.
 */
const REBUILD_MS_MIN = 20_000;

/** The longest patience, for a laboratory where nothing is ever to be heard because nobody pings. */
const PATIENCE_MS_MAX = 1_800_000;

/**
 * Decides when a peer's subscription has gone deaf. The client of a bus repairs the faults that it
 * notices. For a long time it may not notice a connection that stays open and carries nothing, or a
 * stream that the other side forgot. Two signs tell:
 *
 * - silence: every peer is pinged more than once in `silenceMs` (control/runs/ping.ts), so that a
 *   subscription that heard nothing at all for that time is deaf;
 * - a miss: the store has an active run that names this peer, and its command never came.
 *
 * Either sign is answered by rebuilding over a new connection, which loses nothing: a message that was
 * not acknowledged is delivered again. Since a needless rebuilding costs little, there is no state of
 * doubt; but each one that brings nothing doubles the patience, so that their number stays small. All
 * times are readings of one clock that never goes back, in milliseconds.
 */
export class SubscriptionWatchdog {
  readonly #silenceMs: number;
  #patienceMs: number;
  #heardAtMs: number;
  #rebuiltAtMs = -Infinity;
  #missed = false;

  constructor(nowMs: number, silenceMs: number) {
    this.#silenceMs = silenceMs;
    this.#patienceMs = silenceMs;
    this.#heardAtMs = nowMs;
  }

  /** Notes that the subscription delivered something, whatever it was. */
  heard(nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#patienceMs = this.#silenceMs;
    this.#missed = false;
  }

  /** Notes that a command was found elsewhere which the subscription should have delivered. */
  missed(): void {
    this.#missed = true;
  }

  /** Why the subscription is to be rebuilt now; `null` when it is not. */
  reasonToRebuild(nowMs: number): string | null {
    if (this.#missed && nowMs - this.#rebuiltAtMs >= REBUILD_MS_MIN) {
      return 'it did not deliver a command that the store knows of';
    }
    const quietSinceMs = Math.max(this.#heardAtMs, this.#rebuiltAtMs);
    if (nowMs - quietSinceMs < this.#patienceMs) return null;
    return `it has been silent for ${Math.round((nowMs - this.#heardAtMs) / 1_000)} s`;
  }

  /**
   * Notes that the subscription was rebuilt, or that an attempt failed: the next one is not due at
   * once.
   */
  rebuilt(nowMs: number): void {
    const wasSilent = nowMs - this.#heardAtMs >= this.#patienceMs;
    this.#rebuiltAtMs = nowMs;
    this.#missed = false;
    if (wasSilent) this.#patienceMs = Math.min(2 * this.#patienceMs, PATIENCE_MS_MAX);
  }
}

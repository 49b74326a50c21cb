/** Rebuilding is cheap, but not so cheap that a command that came late should cause it twice. */
const REBUILD_MS_MIN = 20_000;

/** Where nothing is ever to be heard, because nobody pings, the watchdog becomes this patient. */
const PATIENCE_MS_MAX = 1_800_000;

/**
 * Decides when a peer's subscription has gone deaf. The client of a bus repairs what it notices; a
 * connection that stays open and carries nothing, or a stream that the other side forgot, it may not
 * notice for a long time. Two things tell:
 *
 * - silence: every peer is pinged more than once in `silenceMs` (control/runs/ping.ts), so that a
 *   subscription that heard nothing at all for so long is deaf;
 * - a miss: the store has an active run that names this peer, and its command never came.
 *
 * Either is answered by a rebuilding over a new connection, which loses nothing: what was not
 * acknowledged is delivered again. Since a needless one costs little, there is no state of doubt; but
 * each that brings nothing doubles the patience, so that their number stays small.
 *
 * All times are readings of one clock that never goes back, in milliseconds.
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

  /** The subscription delivered something, whatever it was. */
  heard(nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#patienceMs = this.#silenceMs;
    this.#missed = false;
  }

  /** A command was found elsewhere that the subscription should have delivered. */
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

  /** It was rebuilt, or an attempt at that failed: the next one is not due at once. */
  rebuilt(nowMs: number): void {
    const wasSilent = nowMs - this.#heardAtMs >= this.#patienceMs;
    this.#rebuiltAtMs = nowMs;
    this.#missed = false;
    if (wasSilent) this.#patienceMs = Math.min(2 * this.#patienceMs, PATIENCE_MS_MAX);
  }
}

/**
 * The most numbers by which a packet may be behind the newest one. A sender counts its packets for all
 * members together, so that 62 packets for others may lie between two for one of 64 members.
 */
export const REPLAY_WINDOW = 32_768;
const WORDS = REPLAY_WINDOW / 32;

/**
 * Remembers which packet numbers of one sender were seen, and accepts each once (RFC 4303, section
 * 3.4.3, as a ring of bits after RFC 6479). A packet older than the window counts as seen, as it cannot
 * be told.
 */
export class ReplayWindow {
  readonly #bits = new Uint32Array(WORDS);
  #newest = 0;

  /** True the first time that `packet` (counted from 1) is offered. */
  accept(packet: number): boolean {
    // The window is one word smaller than the ring, as the newest word is only partly filled.
    if (packet <= 0 || packet + REPLAY_WINDOW - 32 <= this.#newest) return false;
    if (packet > this.#newest) this.#advance(packet);
    const word = (packet >>> 5) % WORDS;
    const bit = 1 << (packet & 31);
    if ((this.#bits[word]! & bit) !== 0) return false;
    this.#bits[word]! |= bit;
    return true;
  }

  #advance(packet: number): void {
    const from = this.#newest >>> 5;
    const steps = Math.min((packet >>> 5) - from, WORDS);
    for (let step = 1; step <= steps; step += 1) this.#bits[(from + step) % WORDS] = 0;
    this.#newest = packet;
  }
}

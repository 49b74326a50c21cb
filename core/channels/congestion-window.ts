/** Unacknowledged messages at most under way to one member, however well it goes; more wait. */
export const LINK_WINDOW = 1_024;
/** At first, and at least: this many small messages fit a datagram or two, and as many large ones a socket. */
const WINDOW_INITIAL = 64;
const WINDOW_MIN = 32;

/**
 * How many messages may be under way on one reliable channel: fewer when some are lost, more while they
 * arrive, as TCP has it (slow start, congestion avoidance and the answer to a loss of RFC 5681, in
 * messages). Without it, whoever is too slow for what it gets would get it all again after each timeout,
 * and have less time for what is new.
 *
 * Unlike TCP's it never falls so low that losses by chance, rather than for want of room, slow down a
 * channel with as much traffic as a run at the usual intervals has.
 */
export class CongestionWindow {
  /** In messages. */
  size = WINDOW_INITIAL;
  #threshold = LINK_WINDOW;
  /** Messages up to this number were under way when a loss was last answered: it was the same one. */
  #answered = 0;

  /** `count` messages arrived while `underWay` were on their way, them included. */
  arrived(count: number, underWay: number): void {
    // A channel that did not use the window says nothing of whether it could be larger (RFC 7661).
    if (underWay < this.size) return;
    const growth = this.size < this.#threshold ? count : count / this.size;
    this.size = Math.min(this.size + growth, LINK_WINDOW);
  }

  /** Message `number` is taken for lost, because later ones arrived; the newest under way is `newest`. */
  lost(number: number, newest: number): void {
    if (number <= this.#answered) return;
    this.#answered = newest;
    this.size = Math.max(this.size / 2, WINDOW_MIN);
    this.#threshold = this.size;
  }

  /** Nothing was heard of message `number` for so long that its timeout passed. */
  expired(number: number, newest: number): void {
    if (number > this.#answered) this.#threshold = Math.max(this.size / 2, WINDOW_MIN);
    this.#answered = newest;
    this.size = WINDOW_MIN;
  }
}

/**
 * The most unacknowledged messages that may be under way to one member, however well the channel
 * does; further ones wait.
 */
export const LINK_WINDOW = 1_024;
/**
 * The window at the beginning and at the least: this number of small messages fits one or two
 * datagrams, and this number of large ones fits the buffer of a socket.
 */
const WINDOW_INITIAL = 64;
const WINDOW_MIN = 32;

/**
 * How many messages may be under way on one reliable channel. The window shrinks when messages are
 * lost and grows while they arrive, as TCP's does (slow start, congestion avoidance and the answer
 * to a loss of RFC 5681, counted in messages). Without it, a member too slow for its traffic would
 * get all of it again after each timeout, and have less time for what is new.
 *
 * Unlike TCP's window, this one never falls so low that random losses, which do not come from a
 * lack of room, slow down a channel with the traffic of a run at the usual intervals.
 */
export class CongestionWindow {
  /** In messages. */
  size = WINDOW_INITIAL;
  #threshold = LINK_WINDOW;
  /**
   * The window answered its last loss while messages up to this number were under way: a further
   * loss among them belongs to the same congestion and is not answered again.
   */
  #answered = 0;

  /**
   * Notes that `count` messages arrived while `underWay` messages, these included, were under way.
   */
  arrived(count: number, underWay: number): void {
    // A channel that did not use the window says nothing of whether it could be larger (RFC 7661).
    if (underWay < this.size) return;
    const growth = this.size < this.#threshold ? count : count / this.size;
    this.size = Math.min(this.size + growth, LINK_WINDOW);
  }

  /**
   * Notes that message `number` is taken for lost, because later ones arrived; `newest` is the
   * newest message under way.
   */
  lost(number: number, newest: number): void {
    if (number <= this.#answered) return;
    this.#answered = newest;
    this.size = Math.max(this.size / 2, WINDOW_MIN);
    this.#threshold = this.size;
  }

  /**
   * Notes that the timeout of message `number` passed; `newest` is the newest message under way.
   */
  expired(number: number, newest: number): void {
    if (number > this.#answered) this.#threshold = Math.max(this.size / 2, WINDOW_MIN);
    this.#answered = newest;
    this.size = WINDOW_MIN;
  }
}

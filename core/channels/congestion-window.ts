/**
 * The most unacknowledged messages that may be under way to one member, however well the channel
 * does; further ones wait.
 */
export const LINK_WINDOW = 1_024;
/**
 * The window at the beginning and at the least. A channel around half the world that carries 150
 * messages a second, of which one in twenty is lost, keeps up with such a window, and not with half
 * of it. The receiver's socket needs no smaller one, because whoever owns the sockets has flow control.
 */
export const WINDOW_MIN = 128;

/**
 * How many messages may be under way on one reliable channel. The window shrinks when messages are
 * lost and grows while they arrive, as TCP's does (slow start, congestion avoidance and the answer
 * to a loss of RFC 5681, counted in messages). A timeout alone shrinks nothing, as in QUIC (RFC 9002,
 * section 7): the messages may only be slow. Without a window, a member too slow for its traffic would
 * get all of it again after each timeout, and have less time for what is new.
 *
 * Unlike TCP's window, this one never falls so low that random losses, which do not come from a
 * lack of room, slow down a channel with the traffic of a run at the usual intervals.
 */
export class CongestionWindow {
  /** In messages. */
  size = WINDOW_MIN;
  #threshold = LINK_WINDOW;
  /**
   * The window answered its last loss while messages up to this number were under way: a further
   * loss among them belongs to the same congestion and is not answered again.
   */
  #answered = 0;
  /** The same of the loss before: a message up to this number belongs to neither. */
  #answeredBefore = 0;
  /** What `size` and the threshold were before the last answer. */
  #sizeBefore = WINDOW_MIN;
  #thresholdBefore = LINK_WINDOW;
  /** How many messages were taken for lost in the last congestion, less those that were not; 0 where there is none. */
  #lost = 0;

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
    if (number <= this.#answered) {
      if (this.#lost > 0 && number > this.#answeredBefore) this.#lost += 1;
      return;
    }
    this.#answeredBefore = this.#answered;
    this.#answered = newest;
    this.#lost = 1;
    this.#sizeBefore = this.size;
    this.#thresholdBefore = this.#threshold;
    this.size = Math.max(this.size / 2, WINDOW_MIN);
    this.#threshold = this.size;
  }

  /**
   * Notes that message `number`, which was taken for lost, was only late. If that holds for all of the last congestion,
   * there was none, and its answer is taken back (as in RFC 4015): what is lost of the same messages after that is
   * answered anew.
   */
  onlyLate(number: number): void {
    if (this.#lost === 0 || number <= this.#answeredBefore) return;
    this.#lost -= 1;
    if (this.#lost > 0) return;
    this.size = Math.max(this.size, this.#sizeBefore);
    this.#threshold = this.#thresholdBefore;
    this.#answered = this.#answeredBefore;
  }

  /** Notes that nothing arrived for several timeouts: whatever was only late, this is answered for good. */
  expired(): void {
    this.#lost = 0;
    this.#threshold = Math.max(this.size / 2, WINDOW_MIN);
    this.size = WINDOW_MIN;
  }
}

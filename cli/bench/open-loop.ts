import { Schedule } from '../../control/multicast-schedule.ts';

/**
 * What comes due within this time is multicast together: two of the shortest times that a timer of Node waits.
 * With half of it, the processor time of a delivery was a fifth more at half of the peak, and with twice as
 * much the median of own deliveries was half as much again.
 */
const GATHER_US = 2_000;

/**
 * A schedule that offers its load whatever becomes of it: what was due while a member was busy, or had no
 * room, is multicast as soon as it can be, and remembers when it was due. Latencies that were counted from
 * the multicast instead would leave out the waiting that a load causes, just when there is most of it.
 *
 * What comes due within GATHER_US is multicast together, as by whoever waits by a timer. A member that looked at
 * each datagram that comes would multicast a message or two then, which wakes all others, who do the same.
 */
export class OpenLoop extends Schedule {
  readonly #dueAt: Float64Array;
  /** When the next message is due; it is multicast at `nextAt`. */
  #due = Infinity;

  constructor(
    messages: number,
    intervalUs: { readonly min: number; readonly max: number },
    seed: number,
    member: number,
  ) {
    super(messages, intervalUs, seed, member, Infinity);
    this.#dueAt = new Float64Array(messages);
  }

  /** When message `sequence`, which was multicast by now, was due. */
  dueAt(sequence: number): number {
    return this.#dueAt[sequence]!;
  }

  override start(now: number): void {
    super.start(now);
    this.#due = this.nextAt;
  }

  override advance(now: number): void {
    this.#dueAt[this.next] = this.#due;
    this.nextAt = this.#due;
    super.advance(now);
    this.#due = this.nextAt;
    if (this.#due > now) this.nextAt = Math.max(this.#due, now + GATHER_US);
  }
}

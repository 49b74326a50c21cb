import { Schedule } from '../../control/multicast-schedule.ts';

/**
 * A schedule that offers its load whatever becomes of it: what was due while a member was busy, or had no
 * room, is multicast as soon as it can be, and remembers when it was due. Latencies that were counted from
 * the multicast instead would leave out the waiting that a load causes, just when there is most of it.
 */
export class OpenLoop extends Schedule {
  readonly #dueAt: Float64Array;

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

  override advance(now: number): void {
    this.#dueAt[this.next] = this.nextAt;
    super.advance(now);
  }
}

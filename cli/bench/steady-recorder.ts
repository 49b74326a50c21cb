import type { RunPlan } from '../../control/command.ts';
import { Payloads } from '../../control/workload.ts';
import { SequenceDigest } from '../../core/base/digest.ts';
import { Histogram } from '../../core/base/histogram.ts';
import { spanOf } from '../../core/channels/pack.ts';
import type { Message } from '../../core/message.ts';
import { Recorder } from '../../peer/run/recorder.ts';

/** Places in a pair of numbers of `#began`: of the first pair and, after PAIR, of the second. */
const AT = 0;
const DISTINCT = 1;
const PAIR = 2;

/**
 * A recorder that also measures how fast deliveries come, and how long its own take, once a member has
 * multicast a first share of its messages: in that time Node compiles what the member does, which no
 * long run would notice.
 *
 * What is done for a message is the same before and after: only where the figures go differs, and no field
 * changes its kind. A branch taken for the first time when the warm-up is over, or a number that no longer
 * fits a field, makes V8 throw away all code compiled for this class: it was slow for a tenth of a second in
 * all members at once, which was the worst that the 99th percentile saw.
 */
export class SteadyRecorder extends Recorder {
  /** The number of the first own message that counts. */
  readonly #first: number;
  readonly #dueAt: ((sequence: number) => number) | null;
  readonly #fromAt: Float64Array;
  /** How long own deliveries took: those of the warm-up, and those that count. */
  readonly #own = [new Histogram(), new Histogram()] as const;
  /** When a message was multicast and how many were delivered by then: the last one, and the first that counts. */
  readonly #began = new Float64Array(2 * PAIR).fill(-1);

  /**
   * `warmUpShare`: of its own messages, 0 to 1, those that do not count. `dueAt`: when each was to be
   * multicast, from which on its delivery takes time; `null`: from when it was multicast.
   */
  constructor(
    self: number,
    plan: RunPlan,
    warmUpShare: number,
    dueAt: ((sequence: number) => number) | null,
  ) {
    super({
      self,
      size: plan.members.length,
      messages: plan.messages,
      payloads: new Payloads(plan),
      // The bench tells of any ordering whether the members delivered in one order.
      delivered: new SequenceDigest(),
      bank: null,
      events: null,
    });
    this.#first = Math.floor(warmUpShare * plan.messages);
    this.#dueAt = dueAt;
    this.#fromAt = new Float64Array(plan.messages);
  }

  /** Distinct messages delivered a second, of those after the first share; 0 when there were none. */
  get perSecond(): number {
    const beganAt = this.#began[PAIR + AT]!;
    const seconds = (this.lastDeliveryAt - beganAt) / 1_000_000;
    if (beganAt < 0 || seconds <= 0) return 0;
    return (this.distinct - this.#began[PAIR + DISTINCT]!) / seconds;
  }

  /** How long own deliveries took, in milliseconds; `percentile` is 1 to 100. `null` when there were none. */
  ownMs(percentile: number): number | null {
    const [, own] = this.#own;
    return own.count === 0 ? null : own.percentile(percentile) / 1_000;
  }

  override multicast(now: number, sequence: number): void {
    super.multicast(now, sequence);
    this.#fromAt[sequence] = this.#dueAt?.(sequence) ?? now;
    const pair = PAIR * Number(sequence === this.#first);
    this.#began[pair + AT] = now;
    this.#began[pair + DISTINCT] = this.distinct;
  }

  override deliver(now: number, message: Message): void {
    const before = this.distinctOwn;
    super.deliver(now, message);
    if (this.distinctOwn > before) this.#measure(now, message.sequence, 1);
  }

  override deliverPack(now: number, packed: Message): void {
    const before = this.distinctOwn;
    super.deliverPack(now, packed);
    if (this.distinctOwn === before) return;
    const { first, count } = spanOf(packed);
    this.#measure(now, first, count);
  }

  /** Notes how long the deliveries of `count` own messages from number `first` on took. */
  #measure(now: number, first: number, count: number): void {
    for (let each = first; each < first + count; each += 1) {
      const own = this.#own[Number(each >= this.#first)]!;
      own.record(now - this.#fromAt[each]!);
    }
  }
}

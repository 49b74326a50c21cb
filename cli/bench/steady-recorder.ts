import { createHistogram } from 'node:perf_hooks';
import type { RunPlan } from '../../control/command.ts';
import { Payloads } from '../../control/workload.ts';
import { spanOf } from '../../core/channels/pack.ts';
import type { Message } from '../../core/message.ts';
import { Recorder } from '../../peer/run/recorder.ts';

/**
 * A recorder that also measures how fast deliveries come, and how long its own take, once a member has
 * multicast a first share of its messages: in that time Node compiles what the member does, which no
 * long run would notice.
 */
export class SteadyRecorder extends Recorder {
  /** The number of the first own message that counts. */
  readonly #first: number;
  readonly #dueAt: ((sequence: number) => number) | null;
  readonly #fromAt: Float64Array;
  readonly #own = createHistogram();
  #beganAt = -1;
  #distinctBefore = 0;

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
    super(self, plan.members.length, plan.messages, new Payloads(plan));
    this.#first = Math.floor(warmUpShare * plan.messages);
    this.#dueAt = dueAt;
    this.#fromAt = new Float64Array(plan.messages);
  }

  /** Distinct messages delivered a second, of those after the first share; 0 when there were none. */
  get perSecond(): number {
    const seconds = (this.lastDeliveryAt - this.#beganAt) / 1_000_000;
    return this.#beganAt < 0 || seconds <= 0 ? 0 : (this.distinct - this.#distinctBefore) / seconds;
  }

  /** How long own deliveries took, in milliseconds; `percentile` is 1 to 100. 0 when there were none. */
  ownMs(percentile: number): number {
    return this.#own.count === 0 ? 0 : this.#own.percentile(percentile) / 1_000;
  }

  override multicast(now: number, sequence: number): void {
    super.multicast(now, sequence);
    this.#fromAt[sequence] = this.#dueAt?.(sequence) ?? now;
    if (sequence !== this.#first) return;
    this.#beganAt = now;
    this.#distinctBefore = this.distinct;
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
    for (let each = Math.max(first, this.#first); each < first + count; each += 1) {
      this.#own.record(Math.max(1, now - this.#fromAt[each]!));
    }
  }
}

import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Counters, Percentiles } from '../../control/documents.ts';
import type { Bank } from '../../core/bank/bank.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { Kind, type Message } from '../../core/message.ts';
import type { RunEvents } from './run-events.ts';

/**
 * What one member sees of a run: the sequence it delivers, and what each delivery cost in time. All
 * times are microseconds on this member's own clock, so no skew enters.
 */
export class Recorder {
  readonly sequence = new DeliveredSequence();
  /** Distinct messages delivered, of those that the run has. */
  distinct = 0;
  firstMulticastAt = -1;
  lastDeliveryAt = -1;
  readonly #self: number;
  readonly #size: number;
  readonly #messages: number;
  readonly #bank: Bank | null;
  readonly #multicastAt: Float64Array;
  /** First arrival of message (sender, sequence), at sender x messages + sequence; 0 before. */
  readonly #arrivedAt: Float64Array;
  readonly #delivered: Uint8Array;
  readonly #ownLatency = createHistogram();
  readonly #holding = createHistogram();
  /** `null` while no message has arrived as such: an ordering may pack it into one of its own. */
  #deliveriesBeforeLastArrival: number | null = null;
  #heldMax = 0;
  readonly #events: RunEvents | null;

  /**
   * `bank`: this member's replica, which applies what is delivered; `null` for any other workload.
   * `events`: where everything is written down; `null` in runs that are not recorded.
   */
  constructor(
    self: number,
    size: number,
    messages: number,
    bank: Bank | null = null,
    events: RunEvents | null = null,
  ) {
    this.#bank = bank;
    this.#events = events;
    this.#self = self;
    this.#size = size;
    this.#messages = messages;
    this.#multicastAt = new Float64Array(messages);
    this.#arrivedAt = new Float64Array(size * messages);
    this.#delivered = new Uint8Array(size * messages);
  }

  /** Whether every message of the run was delivered here. */
  get complete(): boolean {
    return this.distinct === this.#size * this.#messages;
  }

  multicast(now: number, sequence: number): void {
    if (this.firstMulticastAt < 0) this.firstMulticastAt = now;
    this.#multicastAt[sequence] = now;
    this.sequence.appendMulticast();
    this.#events?.multicast(now, sequence);
  }

  /** A message is about to be handed to the ordering; repeated arrivals are fine. */
  arrived(now: number, message: Message): void {
    if (message.kind !== Kind.data) return;
    const index = this.#indexOf(message);
    if (index < 0 || this.#arrivedAt[index]! > 0) return;
    this.#arrivedAt[index] = now;
    this.#deliveriesBeforeLastArrival = this.sequence.length;
  }

  /** How many messages the ordering holds back after taking in what arrived. */
  observeHeld(held: number): void {
    this.#heldMax = Math.max(this.#heldMax, held);
  }

  deliver(now: number, message: Message): void {
    this.sequence.appendDelivery(message.sender, message.sequence);
    this.lastDeliveryAt = now;
    this.#events?.deliver(now, message);
    const index = this.#indexOf(message);
    if (this.#bank !== null) this.#bank.deliver(index < 0 ? null : message.payload);
    if (index < 0 || this.#delivered[index] === 1) return;
    this.#delivered[index] = 1;
    this.distinct += 1;
    if (message.sender === this.#self) {
      record(this.#ownLatency, now - this.#multicastAt[message.sequence]!);
    } else if (this.#arrivedAt[index]! > 0) {
      record(this.#holding, now - this.#arrivedAt[index]!);
    }
  }

  /** The part of a report's counters that is about deliveries. */
  counters(): Pick<Counters, 'ownLatencyMs' | 'heldMs' | 'heldMax' | 'deliveredAfterLastArrival'> {
    return {
      ownLatencyMs: percentiles(this.#ownLatency),
      heldMs: percentiles(this.#holding),
      heldMax: this.#heldMax,
      deliveredAfterLastArrival: this.#deliveredAfterLastArrival(),
    };
  }

  #deliveredAfterLastArrival(): number {
    const before = this.#deliveriesBeforeLastArrival;
    return before === null ? 0 : this.sequence.length - before;
  }

  #indexOf(message: Message): number {
    const isOfTheRun = message.sender < this.#size && message.sequence < this.#messages;
    return isOfTheRun ? message.sender * this.#messages + message.sequence : -1;
  }
}

/** The histogram counts from 1: a delivery within the same microsecond counts as 1 µs. */
function record(histogram: RecordableHistogram, microseconds: number): void {
  histogram.record(Math.max(1, Math.round(microseconds)));
}

function percentiles(histogram: RecordableHistogram): Percentiles {
  if (histogram.count === 0) return { p50: null, p90: null, p99: null, max: null };
  const ms = (microseconds: number): number => Math.round(microseconds) / 1_000;
  return {
    p50: ms(histogram.percentile(50)),
    p90: ms(histogram.percentile(90)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max),
  };
}

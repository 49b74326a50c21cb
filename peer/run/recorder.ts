import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Counters, Percentiles } from '../../control/documents.ts';
import type { Payloads } from '../../control/workload.ts';
import type { Bank } from '../../core/bank/bank.ts';
import { spanOf, unpack, visitPack } from '../../core/channels/pack.ts';
import { SequenceDigest, SetDigest } from '../../core/base/digest.ts';
import { contentOf } from '../../core/records/content.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { Kind, type Message } from '../../core/message.ts';
import type { RunEvents } from './run-events.ts';

/**
 * What one member sees of a run: the sequence it delivers, and what each delivery cost in time. All
 * times are microseconds on this member's own clock, so no skew enters.
 */
export class Recorder {
  readonly sequence = new DeliveredSequence();
  /** How many distinct messages of the run were delivered. */
  distinct = 0;
  /** How many of the distinct messages are this member's own. */
  distinctOwn = 0;
  /**
   * Digests of the distinct messages delivered, by their place in the run: as a set, and in their
   * order.
   */
  readonly deliveredSet = new SetDigest();
  readonly deliveredOrder = new SequenceDigest();
  firstMulticastAt = -1;
  lastDeliveryAt = -1;
  readonly #self: number;
  readonly #size: number;
  readonly #messages: number;
  readonly #payloads: Payloads;
  readonly #bank: Bank | null;
  readonly #multicastAt: Float64Array;
  /** When message (sender, sequence) first arrived, at index sender x messages + sequence; 0 before. */
  readonly #arrivedAt: Float64Array;
  readonly #delivered: Uint8Array;
  readonly #ownLatency = createHistogram();
  readonly #holding = createHistogram();
  /**
   * How many deliveries came before the last arrival; `null` while no message has arrived as such,
   * since an ordering may pack it into one of its own.
   */
  #deliveriesBeforeLastArrival: number | null = null;
  #heldMax = 0;
  readonly #events: RunEvents | null;

  /**
   * `payloads`: what the messages of the run carry, with which everything delivered is compared.
   * `bank`: this member's replica, which applies what is delivered; `null` for any other workload.
   * `events`: the record of all events; `null` in runs that are not recorded.
   */
  constructor(
    self: number,
    size: number,
    messages: number,
    payloads: Payloads,
    bank: Bank | null = null,
    events: RunEvents | null = null,
  ) {
    this.#payloads = payloads;
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

  /**
   * Notes that a message is about to be handed to the ordering; repeated arrivals change nothing.
   * `packs` tells that its payload is a pack (core/channels/pack.ts).
   */
  arrived(now: number, message: Message, packs = false): void {
    if (message.kind !== Kind.data) return;
    if (!packs) return this.#arrivedOne(now, message.sender, message.sequence);
    const { first, count } = spanOf(message);
    for (let each = 0; each < count; each += 1) this.#arrivedOne(now, message.sender, first + each);
  }

  #arrivedOne(now: number, sender: number, sequence: number): void {
    const index = this.#indexOf(sender, sequence);
    if (index < 0 || this.#arrivedAt[index]! > 0) return;
    this.#arrivedAt[index] = now;
    this.#deliveriesBeforeLastArrival = this.sequence.length;
  }

  /** Notes how many messages the ordering holds back after taking in what arrived. */
  observeHeld(held: number): void {
    this.#heldMax = Math.max(this.#heldMax, held);
  }

  deliver(now: number, message: Message): void {
    const { sender, sequence, payload } = message;
    this.#events?.deliver(now, message);
    this.#deliverBytes(now, sender, sequence, payload, 0, payload.length);
  }

  /** As `deliver`, for all messages of a pack. */
  deliverPack(now: number, packed: Message): void {
    const { sender, payload } = packed;
    if (this.#events !== null) return unpack(packed, (message) => this.deliver(now, message));
    visitPack(packed, (sequence, begin, end) => {
      this.#deliverBytes(now, sender, sequence, payload, begin, end);
    });
  }

  /** Notes a delivery of message (`sender`, `sequence`), which carries `bytes` from `begin` to `end`. */
  #deliverBytes(
    now: number,
    sender: number,
    sequence: number,
    bytes: Uint8Array,
    begin: number,
    end: number,
  ): void {
    this.sequence.appendDelivery(sender, sequence);
    this.lastDeliveryAt = now;
    const index = this.#indexOf(sender, sequence);
    if (this.#bank !== null) this.#bank.deliver(index < 0 ? null : bytes.subarray(begin, end));
    if (index < 0) return;
    if (!this.#payloads.matches(sender, sequence, bytes, begin, end)) {
      this.sequence.noteContent(contentOf(bytes.subarray(begin, end)));
    }
    if (this.#delivered[index] === 1) return;
    this.#delivered[index] = 1;
    this.distinct += 1;
    this.deliveredSet.add(index);
    this.deliveredOrder.add(index);
    this.#measure(now, sender, sequence, index);
  }

  /** Notes how long a first delivery took: an own one since its multicast, another since it arrived. */
  #measure(now: number, sender: number, sequence: number, index: number): void {
    if (sender === this.#self) {
      this.distinctOwn += 1;
      record(this.#ownLatency, now - this.#multicastAt[sequence]!);
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

  #indexOf(sender: number, sequence: number): number {
    const isOfTheRun = sender < this.#size && sequence < this.#messages;
    return isOfTheRun ? sender * this.#messages + sequence : -1;
  }
}

/** A histogram takes numbers from 1, so a delivery within the same microsecond counts as 1 µs. */
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

import type { Counters, Percentiles } from '../../control/documents.ts';
import type { Payloads } from '../../control/workload.ts';
import type { Bank } from '../../core/bank/bank.ts';
import { spanOf, unpack, visitPack } from '../../core/channels/pack.ts';
import { type GrowingDigest, SequenceDigest, SetDigest } from '../../core/base/digest.ts';
import { Histogram } from '../../core/base/histogram.ts';
import { contentOf } from '../../core/records/content.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { Kind, type Message } from '../../core/message.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { RunEvents } from './run-events.ts';

export interface RecorderOptions {
  readonly self: number;
  readonly size: number;
  /** How many messages each member multicasts. */
  readonly messages: number;
  /** What the messages of the run carry, with which everything delivered is compared. */
  readonly payloads: Payloads;
  /** What grows with the distinct messages that are delivered, by their place in the run. */
  readonly delivered: GrowingDigest;
  /** This member's replica, which applies what is delivered; `null` for any other workload. */
  readonly bank: Bank | null;
  /** The record of all events; `null` in runs that are not recorded. */
  readonly events: RunEvents | null;
}

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
  /** What the messages of the run carry. */
  readonly payloads: Payloads;
  /** The digest of the distinct messages delivered. */
  readonly delivered: GrowingDigest;
  firstMulticastAt = -1;
  lastDeliveryAt = -1;
  readonly #self: number;
  readonly #size: number;
  readonly #messages: number;
  readonly #bank: Bank | null;
  readonly #multicastAt: Float64Array;
  /** When message (sender, sequence) first arrived, at index sender x messages + sequence; 0 before. */
  readonly #arrivedAt: Float64Array;
  readonly #isDelivered: Uint8Array;
  readonly #ownLatency = new Histogram();
  readonly #holding = new Histogram();
  /**
   * How many deliveries came before the last arrival; `null` while no message has arrived as such,
   * since an ordering may pack it into one of its own.
   */
  #deliveriesBeforeLastArrival: number | null = null;
  #heldMax = 0;
  readonly #events: RunEvents | null;

  constructor({ self, size, messages, payloads, delivered, bank, events }: RecorderOptions) {
    this.payloads = payloads;
    this.delivered = delivered;
    this.#bank = bank;
    this.#events = events;
    this.#self = self;
    this.#size = size;
    this.#messages = messages;
    this.#multicastAt = new Float64Array(messages);
    this.#arrivedAt = new Float64Array(size * messages);
    this.#isDelivered = new Uint8Array(size * messages);
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
    if (!this.payloads.matches(sender, sequence, bytes, begin, end)) {
      this.sequence.noteContent(contentOf(bytes.subarray(begin, end)));
    }
    if (this.#isDelivered[index] === 1) return;
    this.#isDelivered[index] = 1;
    this.distinct += 1;
    this.delivered.add(index);
    this.#measure(now, sender, sequence, index);
  }

  /** Notes how long a first delivery took: an own one since its multicast, another since it arrived. */
  #measure(now: number, sender: number, sequence: number, index: number): void {
    if (sender === this.#self) {
      this.distinctOwn += 1;
      this.#ownLatency.record(now - this.#multicastAt[sequence]!);
    } else if (this.#arrivedAt[index]! > 0) {
      this.#holding.record(now - this.#arrivedAt[index]!);
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

/** Percentiles of microseconds, in milliseconds. */
function percentiles(histogram: Histogram): Percentiles {
  if (histogram.count === 0) return { p50: null, p90: null, p99: null, max: null };
  return {
    p50: histogram.percentile(50) / 1_000,
    p90: histogram.percentile(90) / 1_000,
    p99: histogram.percentile(99) / 1_000,
    max: histogram.max / 1_000,
  };
}

/** What members of a run compare: what they delivered in its order where the ordering has one, or else as a set. */
export function deliveredDigest({ guarantees }: OrderingEntry): GrowingDigest {
  return guarantees.includes('total') ? new SequenceDigest() : new SetDigest();
}

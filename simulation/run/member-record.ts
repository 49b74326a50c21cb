import { spanOf, visitPack } from '../../core/channels/pack.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { Kind, type Message } from '../../core/message.ts';
import { contentOf } from '../../core/records/content.ts';
import { Measurements } from './measurements.ts';
import type { Multicasts } from './multicasts.ts';

const ARRIVED = 1;
const DELIVERED = 2;

/** What one member of a simulated run is seen to do. Times are true virtual microseconds. */
export class MemberRecord {
  readonly sequence = new DeliveredSequence();
  /** Different messages of the run that it delivered, in all and by sender. */
  distinct = 0;
  readonly distinctFrom: Uint32Array;
  readonly ownLatencyUs: Float64Array;
  readonly measurements: Measurements | null;
  dataMessagesSent = 0;
  controlMessagesSent = 0;
  packetsLost = 0;
  overflows = 0;
  messagesReceived = 0;
  heldMax = 0;
  firstMulticastAtUs = -1;
  lastDeliveryAtUs = -1;
  /** The first position with a message that was multicast only later, or never; -1 without one. */
  firstPremature = -1;
  readonly #self: number;
  readonly #size: number;
  readonly #messages: number;
  readonly #counts: Uint32Array;
  readonly #multicasts: Multicasts;
  readonly #areEmpty: boolean;
  readonly #multicastAtUs: Float64Array;
  /** Whether message (sender, sequence) arrived or was delivered, at sender x messages + sequence. */
  readonly #marks: Uint8Array;
  /**
   * How many deliveries came before the last arrival; `null` while no message has arrived as such,
   * since an ordering may pack it into one of its own.
   */
  #deliveriesBeforeLastArrival: number | null = null;

  /** `multicasts` has the multicasts of all members, this one's included. */
  constructor(
    self: number,
    size: number,
    messages: number,
    measure: boolean,
    multicasts: Multicasts,
  ) {
    this.#counts = multicasts.counts;
    this.#multicasts = multicasts;
    this.#areEmpty = multicasts.areEmpty;
    this.#self = self;
    this.#size = size;
    this.#messages = messages;
    this.distinctFrom = new Uint32Array(size);
    this.ownLatencyUs = new Float64Array(messages).fill(NaN);
    this.#multicastAtUs = new Float64Array(messages);
    this.#marks = new Uint8Array(size * messages);
    this.measurements = measure ? new Measurements(size, messages) : null;
  }

  get deliveredAfterLastArrival(): number {
    const before = this.#deliveriesBeforeLastArrival;
    return before === null ? 0 : this.sequence.length - before;
  }

  multicast(nowUs: number, sequence: number): void {
    if (this.firstMulticastAtUs < 0) this.firstMulticastAtUs = nowUs;
    this.#multicastAtUs[sequence] = nowUs;
    this.#counts[this.#self] = sequence + 1;
    this.sequence.appendMulticast();
  }

  sent(to: number, message: Message, call: number): void {
    if (message.kind === Kind.data) this.dataMessagesSent += 1;
    else this.controlMessagesSent += 1;
    if (this.measurements !== null) this.measurements.sent(to, message, call);
  }

  /**
   * Notes that a message is about to be handed to the ordering; repeated arrivals change nothing.
   * `packs` tells that its payload is a pack.
   */
  arrived(nowUs: number, message: Message, packs: boolean): void {
    this.messagesReceived += 1;
    if (this.measurements !== null) this.measurements.received(message);
    if (message.kind !== Kind.data) return;
    // A pack without bytes is one message without any, under its own number.
    if (!packs || message.payload.length === 0) {
      this.#arrivedOne(nowUs, message.sender, message.sequence);
      return;
    }
    const { first, count } = spanOf(message);
    for (let each = 0; each < count; each += 1) {
      this.#arrivedOne(nowUs, message.sender, first + each);
    }
  }

  #arrivedOne(nowUs: number, sender: number, sequence: number): void {
    const index = this.#indexOf(sender, sequence);
    if (index < 0 || (this.#marks[index]! & ARRIVED) !== 0) return;
    this.#marks[index]! |= ARRIVED;
    this.#deliveriesBeforeLastArrival = this.sequence.length;
    if (this.measurements !== null) this.measurements.arrived(nowUs, index);
  }

  delivered(nowUs: number, { sender, sequence, payload }: Message): void {
    this.#deliveredBytes(nowUs, sender, sequence, payload, 0, payload.length);
  }

  /** Notes the delivery of each message of a pack. */
  deliveredPack(nowUs: number, packed: Message): void {
    const { sender, payload } = packed;
    if (payload.length === 0) {
      this.#deliveredBytes(nowUs, sender, packed.sequence, payload, 0, 0);
      return;
    }
    visitPack(packed, (sequence, begin, end) => {
      this.#deliveredBytes(nowUs, sender, sequence, payload, begin, end);
    });
  }

  /** Notes the delivery of a message whose payload is the part of `bytes` from `begin` to `end`. */
  #deliveredBytes(
    nowUs: number,
    sender: number,
    sequence: number,
    bytes: Uint8Array,
    begin: number,
    end: number,
  ): void {
    this.sequence.appendDelivery(sender, sequence);
    this.lastDeliveryAtUs = nowUs;
    const index = this.#indexOf(sender, sequence);
    if (index < 0) return;
    this.#holdAgainstMulticast(sender, sequence, bytes, begin, end);
    const mark = this.#marks[index]!;
    if ((mark & DELIVERED) !== 0) return;
    this.#marks[index] = mark | DELIVERED;
    this.distinct += 1;
    this.distinctFrom[sender]! += 1;
    if (sender === this.#self) {
      this.ownLatencyUs[sequence] = nowUs - this.#multicastAtUs[sequence]!;
    } else if (this.measurements !== null && (mark & ARRIVED) !== 0) {
      this.measurements.delivered(nowUs, index);
    }
  }

  /** Checks that the message was multicast before, and with this content. */
  #holdAgainstMulticast(
    sender: number,
    sequence: number,
    bytes: Uint8Array,
    begin: number,
    end: number,
  ): void {
    if (sequence >= this.#counts[sender]! && this.firstPremature < 0) {
      this.firstPremature = this.sequence.length - 1;
    }
    const isRight = this.#areEmpty
      ? begin === end
      : this.#multicasts.carries(sender, sequence, bytes, begin, end);
    if (!isRight) this.sequence.noteContent(contentOf(bytes.subarray(begin, end)));
  }

  #indexOf(sender: number, sequence: number): number {
    const isOfTheRun = sender < this.#size && sequence < this.#messages;
    return isOfTheRun ? sender * this.#messages + sequence : -1;
  }
}

import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { Kind, type Message } from '../../core/message.ts';
import { Measurements } from './measurements.ts';

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
  readonly #self: number;
  readonly #size: number;
  readonly #messages: number;
  readonly #multicastAtUs: Float64Array;
  /** Whether message (sender, sequence) arrived or was delivered, at sender x messages + sequence. */
  readonly #marks: Uint8Array;
  /** `null` while no message has arrived as such: an ordering may pack it into one of its own. */
  #deliveriesBeforeLastArrival: number | null = null;

  constructor(self: number, size: number, messages: number, measure: boolean) {
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
    this.sequence.appendMulticast();
  }

  sent(to: number, message: Message, call: number): void {
    if (message.kind === Kind.data) this.dataMessagesSent += 1;
    else this.controlMessagesSent += 1;
    if (this.measurements !== null) this.measurements.sent(to, message, call);
  }

  /** A message is about to be handed to the ordering; repeated arrivals are fine. */
  arrived(nowUs: number, message: Message): void {
    this.messagesReceived += 1;
    if (this.measurements !== null) this.measurements.received(message);
    if (message.kind !== Kind.data) return;
    const index = this.#indexOf(message);
    if (index < 0 || (this.#marks[index]! & ARRIVED) !== 0) return;
    this.#marks[index]! |= ARRIVED;
    this.#deliveriesBeforeLastArrival = this.sequence.length;
    if (this.measurements !== null) this.measurements.arrived(nowUs, index);
  }

  delivered(nowUs: number, message: Message): void {
    this.sequence.appendDelivery(message.sender, message.sequence);
    this.lastDeliveryAtUs = nowUs;
    const index = this.#indexOf(message);
    if (index < 0) return;
    const mark = this.#marks[index]!;
    if ((mark & DELIVERED) !== 0) return;
    this.#marks[index] = mark | DELIVERED;
    this.distinct += 1;
    this.distinctFrom[message.sender]! += 1;
    if (message.sender === this.#self) {
      this.ownLatencyUs[message.sequence] = nowUs - this.#multicastAtUs[message.sequence]!;
    } else if (this.measurements !== null && (mark & ARRIVED) !== 0) {
      this.measurements.delivered(nowUs, index);
    }
  }

  #indexOf(message: Message): number {
    const isOfTheRun = message.sender < this.#size && message.sequence < this.#messages;
    return isOfTheRun ? message.sender * this.#messages + message.sequence : -1;
  }
}

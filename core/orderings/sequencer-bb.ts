import { assert } from '../base/assert.ts';
import { detecting } from '../channels/failure-detector.ts';
import { reliable } from '../channels/reliable-link.ts';
import { Message } from '../message.ts';
import type { Blockage, Group, Out } from '../ordering.ts';
import { viewed } from '../views/membership.ts';
import { MessageQueue } from '../message-queue.ts';
import type { TotalOrderLog } from '../views/total-order-log.ts';
import type { View, Viewed } from '../views/view.ts';
import type { Theory } from './theory.ts';

/** The kind of its own messages: a number of the wire, which never changes meaning. */
export const PlacesKind = {
  /**
   * Tells whose messages have the places from `position` on, as pairs: a sender, and how many of its next
   * messages.
   */
  places: 12,
} as const;

/**
 * The most numbers in one message of places: at 5 bytes each, they fit one datagram with the message's other
 * fields.
 */
const NUMBERS_MAX = 200;

/**
 * sequencer-bb: senders multicast their messages, and the sequencer multicasts nothing but their places.
 *
 * Rule: a message goes to everybody at once. The first member of the view, the sequencer, gives each message
 * the next place when it arrives, and multicasts who its sender is. That is enough, because channels are
 * FIFO, so that it is the sender's next message. Places that are given at one instant are told together. A
 * member delivers the message at the next place once it has the place and the message; the sequencer delivers
 * it at once. A new view has a new sequencer, which goes on where the view begins (membership.ts).
 * Guarantees: integrity, validity, agreement, FIFO, causal and total order. They speak of correct members
 * only: the sequencer, or whoever heard from it alone, may deliver what no survivor will; if it comes
 * back, it stops as if it had crashed (view.ts). FIFO, because the sequencer places what comes from one
 * sender in the order in which it comes. Causal, because a sender, too, delivers only what has its place:
 * what it multicasts afterwards gets a greater one, and nobody delivers a place before all smaller ones.
 * Messages per multicast: n - 1, and n - 1 with places; fewer of these under load, when one message names
 * many places. Unlike in the unicast-broadcast variant (sequencer.ts) the contents of a message are sent by
 * its sender alone, so that the sequencer is no bottleneck for bytes. Latency: 2 communication steps.
 * Survives: a minority. A sender that crashes may have reached the sequencer and nobody else, and then all
 * others wait for its message. The next view begins where the longest log of its members ends, such as the
 * sequencer's; what is in none of them is multicast again by its sender, if that lives.
 * Source: Défago, Schiper and Urbán, "Total order broadcast and multicast algorithms" (2004), section
 * 4.1, the broadcast-broadcast variant; Kaashoek and Tanenbaum, "Group communication in the Amoeba
 * distributed operating system" (1991), method BB.
 *
 * Places on the wire are counted from 1; place p is index p - 1 of the log.
 */
class BroadcastSequencer implements Viewed {
  /** When the places that were given at this instant are told; `Infinity` when all are told. */
  deadline = Infinity;
  /** How many messages have arrived here and are not delivered. */
  held = 0;
  readonly #self: number;
  readonly #out: Out;
  readonly #log: TotalOrderLog;
  /** By sender: its messages that have arrived here and are not delivered, in its order. */
  readonly #received: MessageQueue[] = [];
  /** Whose message has the next place, and how many places in a row from there on are that sender's. */
  #turn = 0;
  #left = 0;
  /**
   * Messages that tell the places after these, in their order; of the first, the numbers before `#run` were
   * read.
   */
  readonly #places = new MessageQueue();
  #run = 0;
  /**
   * At the sequencer: the places that were given and not told yet, as pairs of a sender and a count, and the
   * first of them.
   */
  #untold: number[] = [];
  #untoldFirst = 0;
  #sequencer = 0;

  constructor(group: Group, out: Out, view: View, log: TotalOrderLog) {
    this.#self = group.self;
    this.#out = out;
    this.#log = log;
    for (let member = 0; member < group.size; member += 1) this.#received.push(new MessageQueue());
    this.#begin(view);
  }

  /** What has the next place waits for its sender; what is here and has none, for the sequencer. */
  blockage(): Blockage | null {
    if (this.#left > 0 || this.#readRun()) {
      const sender = this.#turn;
      return { sender, sequence: this.#log.countOf(sender), waitsFor: [sender] };
    }
    const sender = this.#received.findIndex(({ length }) => length > 0);
    if (sender < 0) return null;
    return { sender, sequence: this.#log.countOf(sender), waitsFor: [this.#sequencer] };
  }

  multicast(now: number, message: Message): void {
    this.#out.multicast(message);
    this.#take(now, message);
  }

  receive(now: number, _from: number, message: Message): void {
    if (message.kind !== PlacesKind.places) {
      this.#take(now, message);
      return;
    }
    this.#places.push(message);
    this.#deliverPlaced();
  }

  advance(now: number): void {
    if (this.deadline <= now) this.#tell();
  }

  /** A member has nothing to tell: what it could deliver is in its log, and the rest is multicast again. */
  freeze(): Message[] {
    this.deadline = Infinity;
    return [];
  }

  install(_now: number, view: View): void {
    this.#begin(view);
  }

  #begin(view: View): void {
    this.#sequencer = view.members[0]!;
    for (const queue of this.#received) queue.clear();
    this.#places.clear();
    this.#left = this.#run = 0;
    this.#untold = [];
    this.held = 0;
  }

  /**
   * Takes in a message that is here now: the sequencer gives it a place; any other member may have been told
   * its place.
   */
  #take(now: number, message: Message): void {
    if (this.#self === this.#sequencer) {
      this.#place(now, message);
      return;
    }
    this.#received[message.sender]!.push(message);
    this.held += 1;
    this.#deliverPlaced();
  }

  #place(now: number, message: Message): void {
    const untold = this.#untold;
    if (untold.length === 0) this.#untoldFirst = this.#log.length + 1;
    if (untold.at(-2) === message.sender) untold[untold.length - 1]! += 1;
    else untold.push(message.sender, 1);
    this.deadline = now;
    this.#out.deliver(message);
    if (untold.length >= NUMBERS_MAX) this.#tell();
  }

  #tell(): void {
    this.deadline = Infinity;
    const places = new Message(PlacesKind.places, this.#self, 0)
      .withPosition(this.#untoldFirst)
      .withVector(this.#untold);
    this.#untold = [];
    this.#out.multicast(places);
  }

  #deliverPlaced(): void {
    while (this.#left > 0 || this.#readRun()) {
      const queue = this.#received[this.#turn]!;
      if (queue.length === 0) return;
      this.#left -= 1;
      this.held -= 1;
      this.#out.deliver(queue.shift());
    }
  }

  /** Reads whose messages come next; false when that is not known. */
  #readRun(): boolean {
    if (this.#places.length === 0) return false;
    const { position, vector } = this.#places.at(0);
    assert(this.#run > 0 || position === this.#log.length + 1, 'places come without gaps');
    this.#turn = vector[this.#run]!;
    assert(this.#turn < this.#received.length, 'places belong to members of the group');
    this.#left = vector[this.#run + 1]!;
    this.#run += 2;
    if (this.#run < vector.length) return true;
    this.#places.shift();
    this.#run = 0;
    return true;
  }
}

export const create = detecting(
  reliable(viewed((group, out, view, log) => new BroadcastSequencer(group, out, view, log), 'all')),
);

/** Member 0 is the sequencer. The message and its place come by different ways, and both are needed. */
export const theory: Theory = {
  formula: '2 (n - 1)',
  messages: (size) => 2 * (size - 1),
  steps: '2',
  latency: (distance, _size, sender, receiver) =>
    Math.max(distance(sender, receiver), distance(sender, 0) + distance(0, receiver)),
};

import { detecting } from '../channels/failure-detector.ts';
import { reliable } from '../channels/reliable-link.ts';
import { Message } from '../message.ts';
import type { Blockage, Group, Out } from '../ordering.ts';
import { viewed } from '../views/membership.ts';
import { MessageQueue } from '../message-queue.ts';
import type { TotalOrderLog } from '../views/total-order-log.ts';
import type { View, Viewed } from '../views/view.ts';
import type { Theory } from './theory.ts';

/** The kinds of its own messages: numbers of the wire, which never change meaning. */
export const PlaceKind = {
  /** A sender asks for places of its messages up to number `sequence`. */
  placeRequest: 13,
  /** The sequencer grants the places up to `position` for the messages up to number `sequence`. */
  placeGrant: 14,
} as const;

/**
 * sequencer-uub: a sender asks the sequencer for a place, and multicasts the message with it.
 *
 * Rule: whoever multicasts asks the first member of the view, the sequencer, for the next place, and
 * sends the message to everybody once it has one; what is multicast at one instant is asked for together.
 * Members deliver by place. A new view has a new sequencer, which goes on where the view begins
 * (membership.ts).
 * Guarantees: integrity, validity, agreement, FIFO, causal and total order. They speak of correct members
 * only: who crashes may have delivered what no survivor will; if it comes back, it stops as if it had
 * crashed (view.ts). FIFO, because channels are, and a sender's places ascend. Causal, because a sender
 * delivers what has a smaller place before it asks for a greater one.
 * Messages per multicast: n - 1, and 2 with the sequencer unless it sends itself; fewer of these under load,
 * when one request asks for many places. A message is sent by its sender alone, and the sequencer sends
 * nothing to members that multicast nothing: of the three variants it has the least to do. Latency: 3
 * communication steps.
 * Survives: a minority. A sender that crashes with a place and without a message leaves a hole: all wait,
 * and the next view begins where the longest log of its members ends; what had a place behind the hole is
 * multicast again by its sender, if that lives.
 * Source: Défago, Schiper and Urbán, "Total order broadcast and multicast algorithms" (2004), section
 * 4.1, the unicast-unicast-broadcast variant.
 *
 * Places on the wire are counted from 1; place p is index p - 1 of the log.
 */
class PlaceSequencer implements Viewed {
  /**
   * When this member asks for the places of all that it multicast at this instant; `Infinity` when it has
   * asked.
   */
  deadline = Infinity;
  readonly #self: number;
  readonly #out: Out;
  readonly #log: TotalOrderLog;
  #sequencer = 0;
  /** This member's messages that have no place yet. */
  readonly #unplaced = new MessageQueue();
  /** By place: the messages that have arrived here and are not delivered. */
  readonly #placed = new Map<number, Message>();
  /**
   * At the sequencer: the place that was given out last, and how many messages of each member have a place.
   */
  #last = 0;
  readonly #granted: number[];

  constructor(group: Group, out: Out, view: View, log: TotalOrderLog) {
    this.#self = group.self;
    this.#out = out;
    this.#log = log;
    this.#granted = new Array<number>(group.size).fill(0);
    this.#begin(view);
  }

  get held(): number {
    return this.#placed.size;
  }

  /** An own message without a place waits for the sequencer; one with a place, for whoever has a smaller one. */
  blockage(): Blockage | null {
    if (this.#unplaced.length > 0) {
      const { sender, sequence } = this.#unplaced.at(0);
      return { sender, sequence, waitsFor: [this.#sequencer] };
    }
    if (this.#placed.size === 0) return null;
    const { sender, sequence } = this.#placed.get(Math.min(...this.#placed.keys()))!;
    return { sender, sequence, waitsFor: [] };
  }

  multicast(now: number, message: Message): void {
    this.#unplaced.push(message);
    if (this.#self !== this.#sequencer) this.deadline = now;
    else this.#use(this.#grant(this.#self, message.sequence), message.sequence);
  }

  receive(_now: number, from: number, message: Message): void {
    const { kind, sequence, position } = message;
    if (kind === PlaceKind.placeRequest) {
      const last = this.#grant(from, sequence);
      const grant = new Message(PlaceKind.placeGrant, from, sequence).withPosition(last);
      this.#out.send(from, grant);
    } else if (kind === PlaceKind.placeGrant) {
      this.#use(position, sequence);
    } else {
      this.#placed.set(position, message);
      this.#deliverPlaced();
    }
  }

  advance(now: number): void {
    if (this.deadline > now) return;
    this.deadline = Infinity;
    const { sequence } = this.#unplaced.at(this.#unplaced.length - 1);
    this.#out.send(this.#sequencer, new Message(PlaceKind.placeRequest, this.#self, sequence));
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
    this.#unplaced.clear();
    this.#placed.clear();
    this.#last = this.#log.length;
    for (const member of this.#granted.keys()) this.#granted[member] = this.#log.countOf(member);
  }

  /**
   * Gives places to the messages of `member` up to number `sequence`, and returns the last of these places.
   */
  #grant(member: number, sequence: number): number {
    this.#last += sequence + 1 - this.#granted[member]!;
    this.#granted[member] = sequence + 1;
    return this.#last;
  }

  /**
   * Multicasts this member's messages up to number `sequence`, to which the places up to `last` were granted.
   */
  #use(last: number, sequence: number): void {
    const count = sequence + 1 - this.#unplaced.at(0).sequence;
    for (let position = last - count + 1; position <= last; position += 1) {
      const message = this.#unplaced.shift().withPosition(position);
      this.#placed.set(position, message);
      this.#out.multicast(message);
    }
    this.#deliverPlaced();
  }

  #deliverPlaced(): void {
    for (;;) {
      const next = this.#log.length + 1;
      const message = this.#placed.get(next);
      if (message === undefined) return;
      this.#placed.delete(next);
      this.#out.deliver(message);
    }
  }
}

export const create = detecting(
  reliable(viewed((group, out, view, log) => new PlaceSequencer(group, out, view, log), 'all')),
);

/** Member 0 is the sequencer, which need not ask: 1 / n of all multicasts are its own. */
export const theory: Theory = {
  formula: 'n + 1; n - 1 from the sequencer',
  messages: (size) => size - 1 + (2 * (size - 1)) / size,
  steps: '3',
  latency: (distance, _size, sender, receiver) =>
    distance(sender, 0) + distance(0, sender) + distance(sender, receiver),
};

import { detecting } from '../channels/failure-detector.ts';
import { viewed } from '../views/membership.ts';
import { MessageQueue } from '../message-queue.ts';
import { Message } from '../message.ts';
import type { Create, Group, Out } from '../ordering.ts';
import { reliable } from '../channels/reliable-link.ts';
import { heldBy } from './held-by.ts';
import type { Theory } from './theory.ts';
import type { TotalOrderLog } from '../views/total-order-log.ts';
import { majorityOf, type View, type Viewed } from '../views/view.ts';

/** The kinds of its own messages: numbers of the wire, which never change meaning. */
export const TokenKind = {
  /** The right to order, and what each member holds. */
  token: 26,
  /** Names the messages, multicast by others, that have the places from `position` on. */
  tokenOrder: 27,
} as const;

/** How long a holder keeps the token when neither it nor the token has anything new. */
const IDLE_HOLD_US = 5_000;
/** The most messages of one sender that one visit orders, so that others get their turn. */
const ORDERED_PER_VISIT_MAX = 64;
/** The most names in one message: at 5 bytes each, they and the rest fit one datagram. */
const NAMES_MAX = 200;

/**
 * token: a token circulates, and its holder orders: its own messages, which waited for it (a
 * privilege); or, in moving-sequencer, everybody's, which were multicast at once.
 *
 * Rule: the token carries the next place in the order, and of each member how many of its messages
 * have a place and how many places it holds without a gap. The holder gives the next places to
 * messages, multicasts them (token) or their names (moving-sequencer), and sends the token to the next
 * member. A message is delivered once a majority of the group is known to hold it and all before it.
 * A member to whom the token comes back with nothing new holds it for 5 ms, so that an idle group
 * does not spin.
 * Guarantees: integrity, validity, uniform agreement, FIFO, causal and uniform total order, no gaps.
 * Causal, because what a sender delivered had its place before the sender's next message got one.
 * Messages per multicast: n - 1 and the token's hops; in moving-sequencer up to n - 1 more, as one
 * message names all that a visit orders. Latency: the token has to come, then the message, 1 step, then
 * the token past a majority and by: up to 2.5 n hops and what it rests, and 1 step more in
 * moving-sequencer when the message was about to arrive.
 * Survives: a minority. A holder that crashes takes the token with it: the members of the next view
 * deliver what any of them holds, by place, and its first member begins with a new token. The old
 * one belongs to an old view, and is accepted nowhere.
 * Source: Amir, Moser, Melliar-Smith, Agarwal and Ciarfella, "The Totem single-ring ordering and
 * membership protocol" (1995); Chang and Maxemchuk, "Reliable broadcast protocols" (1984).
 */
class Token implements Viewed {
  /** When the token leaves at the latest; `Infinity` while it is elsewhere. */
  deadline = Infinity;
  readonly #self: number;
  readonly #size: number;
  readonly #out: Out;
  readonly #log: TotalOrderLog;
  /** Whether the holder orders everybody's messages, or its own. */
  readonly #moving: boolean;
  /** The most messages of one sender that one visit orders. */
  readonly #orderedMax: number;
  /** By sender, its messages from `log.countOf(sender)` on; bounded by what it multicasts. */
  readonly #received: MessageQueue[] = [];
  /** By place, from `#delivered` on: the name of the message that stands there (see `#nameOf`). */
  readonly #names = new Map<number, number>();
  /** All places of this view below these were delivered, are held here, and are held by a majority. */
  #delivered = 0;
  #held = 0;
  #stable = 0;
  #successor = 0;
  #holding = false;
  /**
   * What the token carried when it last came: the next place, how many messages of each member have a place,
   * and how many places each member holds.
   */
  #next = 0;
  readonly #placedOf: number[];
  readonly #heldBy: number[];
  /**
   * The sum of all that the token carries, as it was when the token left: it has grown if the token brings
   * news.
   */
  #lastProgress = -1;

  constructor(group: Group, out: Out, view: View, log: TotalOrderLog, moving: boolean) {
    this.#self = group.self;
    this.#size = group.size;
    this.#out = out;
    this.#log = log;
    this.#moving = moving;
    const namesOfOne = moving ? Math.max(1, Math.floor(NAMES_MAX / group.size)) : Infinity;
    this.#orderedMax = Math.min(ORDERED_PER_VISIT_MAX, namesOfOne);
    for (let member = 0; member < group.size; member += 1) this.#received.push(new MessageQueue());
    this.#placedOf = new Array<number>(group.size).fill(0);
    this.#heldBy = new Array<number>(group.size).fill(0);
    // The time is not known yet, so a member that begins with the token starts at its first call.
    this.#begin(0, view);
  }

  get held(): number {
    return this.#received.reduce((sum, messages) => sum + messages.length, 0);
  }

  multicast(now: number, message: Message): void {
    this.#received[this.#self]!.push(message);
    if (this.#moving) this.#out.multicast(message);
    if (this.#holding) this.#work(now);
  }

  receive(now: number, _from: number, message: Message): void {
    const { kind, sender, sequence, position, vector } = message;
    if (kind === TokenKind.token) {
      this.#take(message);
    } else if (kind === TokenKind.tokenOrder) {
      for (let i = 0; i < vector.length; i += 1) this.#names.set(position + i, vector[i]!);
    } else {
      this.#received[sender]!.push(message);
      if (!this.#moving) this.#names.set(position, this.#nameOf(sender, sequence));
    }
    if (message.timestamp > this.#stable) this.#stable = message.timestamp;
    if (this.#holding) this.#work(now);
    else this.#deliverStable();
  }

  advance(now: number): void {
    if (this.#holding && this.deadline <= now) this.#pass();
  }

  /** A message is returned with its place here, counted from 1; 0 means that it has none. */
  freeze(): Message[] {
    const places = new Map<number, number>();
    for (const [place, name] of this.#names) places.set(name, place + 1);
    return this.#received
      .flatMap((queue) => queue.toArray())
      .map(({ kind, sender, sequence, payload }) => {
        const place = places.get(this.#nameOf(sender, sequence)) ?? 0;
        return new Message(kind, sender, sequence, payload).withPosition(place);
      });
  }

  install(now: number, view: View, known: readonly Message[]): void {
    const placed = known.filter(({ position }) => position > 0);
    this.#deliverKnown(placed.sort((one, other) => one.position - other.position));
    this.#deliverKnown(known.slice().sort(bySender));
    this.#begin(now, view);
  }

  #deliverKnown(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.sequence === this.#log.countOf(message.sender)) this.#out.deliver(message);
    }
  }

  #begin(now: number, { members }: View): void {
    this.#successor = members[(members.indexOf(this.#self) + 1) % members.length]!;
    this.#names.clear();
    for (let member = 0; member < this.#size; member += 1) {
      this.#received[member]!.clear();
      this.#placedOf[member] = this.#log.countOf(member);
      this.#heldBy[member] = 0;
    }
    this.#delivered = this.#held = this.#stable = this.#next = 0;
    this.#lastProgress = -1;
    this.#holding = members[0] === this.#self;
    this.deadline = this.#holding ? now : Infinity;
  }

  #take({ position, vector }: Message): void {
    this.#holding = true;
    this.#next = position;
    for (let member = 0; member < this.#size; member += 1) {
      this.#placedOf[member] = vector[member]!;
      this.#heldBy[member] = vector[this.#size + member]!;
    }
  }

  /** Does a holder's work: when the token comes, and whenever something happens while it is here. */
  #work(now: number): void {
    this.#order();
    this.#deliverStable();
    if (this.#progress() > this.#lastProgress) this.#pass();
    else if (this.deadline === Infinity) this.deadline = now + IDLE_HOLD_US;
  }

  #progress(): number {
    let sum = this.#next;
    for (const places of this.#heldBy) sum += places;
    return sum;
  }

  #pass(): void {
    this.deadline = Infinity;
    this.#lastProgress = this.#progress();
    if (this.#successor === this.#self) return;
    this.#holding = false;
    const vector = this.#placedOf.concat(this.#heldBy);
    const token = new Message(TokenKind.token, this.#self, 0)
      .withPosition(this.#next)
      .withVector(vector);
    this.#out.send(this.#successor, token);
  }

  /** Gives places to what is here and has none: to all messages, and says so, or to this member's own. */
  #order(): void {
    if (!this.#moving) return this.#orderFrom(this.#self, null);
    const first = this.#next;
    const names: number[] = [];
    for (let sender = 0; sender < this.#size; sender += 1) this.#orderFrom(sender, names);
    if (names.length === 0) return;
    const order = new Message(TokenKind.tokenOrder, this.#self, 0)
      .withTimestamp(this.#stable)
      .withPosition(first)
      .withVector(names);
    this.#out.multicast(order);
  }

  /** Gives places to the messages of `sender`, and adds their names to `names`; without it, multicasts the messages. */
  #orderFrom(sender: number, names: number[] | null): void {
    const received = this.#received[sender]!;
    const base = this.#log.countOf(sender);
    const end = Math.min(base + received.length, this.#placedOf[sender]! + this.#orderedMax);
    for (let sequence = this.#placedOf[sender]!; sequence < end; sequence += 1) {
      const name = this.#nameOf(sender, sequence);
      this.#names.set(this.#next, name);
      if (names !== null) names.push(name);
      else this.#multicastPlaced(received.at(sequence - base));
      this.#next += 1;
    }
    if (end > this.#placedOf[sender]!) this.#placedOf[sender] = end;
  }

  #multicastPlaced({ kind, sender, sequence, payload }: Message): void {
    const place = this.#next;
    this.#out.multicast(new Message(kind, sender, sequence, payload, 0, this.#stable, 0, place));
  }

  #deliverStable(): void {
    this.#countHeld();
    if (this.#holding) {
      this.#heldBy[this.#self] = this.#held;
      // What a majority of the group holds, as the token tells, is stable.
      this.#stable = Math.max(this.#stable, heldBy(majorityOf(this.#size), this.#heldBy));
    }
    const end = Math.min(this.#stable, this.#held);
    for (; this.#delivered < end; this.#delivered += 1) {
      const sender = this.#names.get(this.#delivered)! % this.#size;
      this.#names.delete(this.#delivered);
      this.#out.deliver(this.#received[sender]!.shift());
    }
  }

  /** Counts the places held here: a sender's messages come in the order in which they are placed. */
  #countHeld(): void {
    for (let name = this.#names.get(this.#held); name !== undefined;) {
      const [sender, sequence] = [name % this.#size, Math.floor(name / this.#size)];
      if (sequence >= this.#log.countOf(sender) + this.#received[sender]!.length) return;
      this.#held += 1;
      name = this.#names.get(this.#held);
    }
  }

  /** A message's name, sender and number in one: below 2^32 even for 1,000 members x a million messages. */
  #nameOf(sender: number, sequence: number): number {
    return sequence * this.#size + sender;
  }
}

function bySender(one: Message, other: Message): number {
  return one.sender - other.sender || one.sequence - other.sequence;
}

function createToken(moving: boolean): Create {
  return detecting(
    reliable(viewed((group, out, view, log) => new Token(group, out, view, log, moving))),
  );
}

export const create = createToken(false);
export const createMovingSequencer = createToken(true);

/** How long a message takes depends on where the token is: it has to come, and then to pass a majority. */
export const theory: Theory = {
  formula: 'n - 1, and hops',
  messages: (size) => size - 1,
  steps: 'to 2.5 n',
  latency: null,
};

/** At most one message more to each other member, which names what a visit of the token orders. */
export const theoryMovingSequencer: Theory = {
  formula: 'to 2 (n - 1), and hops',
  messages: (size) => 2 * (size - 1),
  steps: 'to 2.5 n + 1',
  latency: null,
};

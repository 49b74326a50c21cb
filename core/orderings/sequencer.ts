import { assert } from '../base/assert.ts';
import { detecting } from '../channels/failure-detector.ts';
import { viewed } from '../views/membership.ts';
import { MessageQueue } from '../message-queue.ts';
import { Kind, Message } from '../message.ts';
import type { Blockage, Create, Group, Out } from '../ordering.ts';
import { reliable } from '../channels/reliable-link.ts';
import { heldBy } from './held-by.ts';
import { majorityRoundTrip, type Theory } from './theory.ts';
import type { TotalOrderLog } from '../views/total-order-log.ts';
import { majorityOf, type View, type Viewed } from '../views/view.ts';

/** The kinds of its own messages: numbers of the wire, which never change meaning. */
export const SequencerKind = {
  /** The sender holds everything up to this position. */
  positionAck: 10,
  /** Everything up to this position may be delivered. */
  positionCommit: 11,
} as const;

/**
 * The least time between two acknowledgements, or two commits: in dense traffic one of them stands for many
 * positions.
 */
const PACE_US = 1_000;

/**
 * sequencer: one member, the first of the view, gives every message its place in the total order.
 * sequencer-fast: the same, delivered on its word alone.
 *
 * Rule: a message goes to the sequencer, which sends it to everyone with the next position. Members
 * acknowledge positions to it; once a majority of the group holds a position, the sequencer delivers
 * it and commits it to the others. `sequencer-fast` leaves out both and delivers what comes from the
 * sequencer. A new view has a new sequencer, which goes on where the view begins (membership.ts).
 * Guarantees, `sequencer`: all nine. Uniform, because what anybody delivered is held by a majority, of
 * which each later view has a member, and the view begins with what that one holds. FIFO, because
 * channels are, the sequencer takes what comes from one sender in the order in which it comes, and
 * after a change of view senders begin again with the first of theirs that is not delivered. Causal,
 * because a sender, too, delivers only what has its position: a message that it multicasts afterwards
 * gets a greater one, and nobody delivers a position before all smaller ones.
 * Guarantees, `sequencer-fast`: those that speak of correct members only, and FIFO and causal order. A
 * member may deliver what no survivor will; if it comes back, it stops as if it had crashed (view.ts).
 * Messages per multicast: n (n - 1 of the sequencer's own), and 2(n - 1) more when uniform; fewer of
 * these when multicasts are less than 1 ms apart, as one then speaks for many.
 * Latency: 2 communication steps, and 2 more when uniform. Survives: a minority.
 * Source: Défago, Schiper and Urbán, "Total order broadcast and multicast algorithms" (2004), section
 * 4.1, the unicast-broadcast variant; Birman and van Renesse's Isis, and Kaashoek's Amoeba (1991).
 *
 * Positions on the wire are counted from 1; position p is index p - 1 of the log.
 */
class Sequencer implements Viewed {
  /** When the acknowledgement or the commit that waits is sent; `Infinity` when none waits. */
  deadline = Infinity;
  readonly #self: number;
  readonly #out: Out;
  readonly #log: TotalOrderLog;
  /** How many members must hold a position before it is final; 1 where the sequencer's word is enough. */
  readonly #quorum: number;
  #epoch = 0;
  #sequencer = 0;
  /**
   * The messages that are ordered and not delivered; the first is the log's next. At most the run's
   * messages.
   */
  readonly #ordered = new MessageQueue();
  /** Used by the sequencer: by member, the position up to which it holds all. */
  readonly #heldUpTo: number[];
  /** When this member last acknowledged (as the sequencer: committed), and up to which position. */
  #toldAt = -PACE_US;
  #toldUpTo = 0;

  constructor(group: Group, out: Out, view: View, log: TotalOrderLog, quorum: number) {
    this.#self = group.self;
    this.#out = out;
    this.#log = log;
    this.#quorum = quorum;
    this.#heldUpTo = new Array<number>(group.size).fill(0);
    this.#begin(view);
  }

  get held(): number {
    return this.#ordered.length;
  }

  /** The first message with a position waits for the sequencer's word, and there for that of who does not hold it. */
  blockage(): Blockage | null {
    if (this.#ordered.length === 0) return null;
    const { sender, sequence, position } = this.#ordered.at(0);
    const behind = [...this.#heldUpTo.keys()].filter((each) => this.#heldUpTo[each]! < position);
    const waitsFor = this.#self === this.#sequencer ? behind : [this.#sequencer];
    return { sender, sequence, waitsFor };
  }

  multicast(now: number, message: Message): void {
    if (this.#self === this.#sequencer) this.#order(now, message);
    else this.#out.send(this.#sequencer, message);
  }

  receive(now: number, from: number, message: Message): void {
    const { kind, position } = message;
    if (kind === SequencerKind.positionAck) this.#acknowledge(now, from, position);
    else if (kind === SequencerKind.positionCommit) this.#deliverUpTo(position);
    else if (position > 0) this.#hold(now, message);
    else this.#order(now, message);
  }

  advance(now: number): void {
    if (this.deadline <= now) this.#tell(now);
  }

  freeze(): Message[] {
    this.deadline = Infinity;
    return this.#ordered.toArray();
  }

  install(_now: number, view: View, known: readonly Message[]): void {
    // All of these were ordered by one sequencer, so that equal positions mean the same message,
    // and none is missing.
    for (const message of known.toSorted((a, b) => a.position - b.position)) {
      if (message.position === this.#log.length + 1) this.#out.deliver(message);
    }
    this.#begin(view);
  }

  #begin(view: View): void {
    this.#epoch = view.epoch;
    this.#sequencer = view.members[0]!;
    this.#ordered.clear();
    this.#heldUpTo.fill(this.#log.length);
    this.#toldUpTo = this.#log.length;
  }

  /** The greatest position that was given out, as far as this member knows. */
  #last(): number {
    return this.#log.length + this.#ordered.length;
  }

  /** The sequencer gives `message` the next position, and says so. */
  #order(now: number, { sender, sequence, payload }: Message): void {
    const position = this.#last() + 1;
    const committed = this.#log.length;
    const ordered = new Message(
      Kind.data,
      sender,
      sequence,
      payload,
      0,
      committed,
      this.#epoch,
      position,
    );
    this.#ordered.push(ordered);
    this.#out.multicast(ordered);
    // The message told what is committed as well.
    this.#toldAt = now;
    this.#toldUpTo = committed;
    this.#heldUpTo[this.#self] = position;
    if (this.#quorum === 1) this.#deliverUpTo(position);
  }

  /** Takes a message that the sequencer ordered, and the commit that came with it. */
  #hold(now: number, message: Message): void {
    const { position } = message;
    assert(position === this.#last() + 1, 'positions come without gaps');
    this.#ordered.push(message);
    if (this.#quorum === 1) {
      this.#deliverUpTo(position);
      return;
    }
    this.#tellSoon(now);
    this.#deliverUpTo(message.timestamp);
  }

  /** Notes that member `from` holds everything up to `position`. */
  #acknowledge(now: number, from: number, position: number): void {
    assert(position <= this.#last(), 'nobody holds a position that was not given out');
    if (position <= this.#heldUpTo[from]!) return;
    this.#heldUpTo[from] = position;
    const committed = heldBy(this.#quorum, this.#heldUpTo);
    if (committed <= this.#log.length) return;
    this.#deliverUpTo(committed);
    this.#tellSoon(now);
  }

  /** Tells at once, or when `PACE_US` has passed since the last time. */
  #tellSoon(now: number): void {
    this.deadline = Math.max(now, this.#toldAt + PACE_US);
    if (this.deadline <= now) this.#tell(now);
  }

  /**
   * Tells the others: a member acknowledges all that it holds, the sequencer commits all that it
   * has delivered.
   */
  #tell(now: number): void {
    this.deadline = Infinity;
    const isSequencer = this.#self === this.#sequencer;
    const position = isSequencer ? this.#log.length : this.#last();
    if (position <= this.#toldUpTo) return;
    this.#toldAt = now;
    this.#toldUpTo = position;
    if (isSequencer) this.#out.multicast(this.#about(SequencerKind.positionCommit, position));
    else this.#out.send(this.#sequencer, this.#about(SequencerKind.positionAck, position));
  }

  #deliverUpTo(position: number): void {
    while (this.#log.length < position) {
      // Delivering enters the message in the log.
      this.#out.deliver(this.#ordered.shift());
    }
  }

  #about(kind: number, position: number): Message {
    return new Message(kind, this.#self, 0).withEpoch(this.#epoch).withPosition(position);
  }
}

function layered(quorumOf: (size: number) => number): Create {
  return detecting(
    reliable(
      viewed(
        (group, out, view, log) => new Sequencer(group, out, view, log, quorumOf(group.size)),
        'first',
      ),
    ),
  );
}

/** The uniform ordering: a position is final once a majority of the group holds it. */
export const create = layered(majorityOf);

/**
 * The ordering that is not uniform: the sequencer's word is final, as long as the sequencer lives.
 */
export const createFast = layered(() => 1);

/** Member 0 is the sequencer. Its own messages, a fraction 1 / n of all, need no copy to itself. */
export const theoryFast: Theory = {
  formula: 'n; n - 1 from the sequencer',
  messages: (size) => size - 1 / size,
  steps: '2',
  latency: (distance, _size, sender, receiver) => distance(sender, 0) + distance(0, receiver),
};

/** The same as `theoryFast`, with the sequencer's round trip to a majority in between. */
export const theory: Theory = {
  formula: '2 (n - 1) more',
  messages: (size) => theoryFast.messages(size) + 2 * (size - 1),
  steps: '4',
  latency: (distance, size, sender, receiver) =>
    distance(sender, 0) + majorityRoundTrip(distance, size, 0) + distance(0, receiver),
};

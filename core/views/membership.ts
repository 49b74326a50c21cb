import { assert } from '../base/assert.ts';
import { underWayMaxOf } from '../channels/under-way.ts';
import { Acceptor } from './membership-acceptor.ts';
import { ViewChange } from './membership-change.ts';
import type { WaitsFor } from './membership-roster.ts';
import { MessageQueue } from '../message-queue.ts';
import { Message } from '../message.ts';
import type { Blockage, Create, FaultAware, Group, Out } from '../ordering.ts';
import { TotalOrderLog } from './total-order-log.ts';
import type { CreateViewed, View, Viewed } from './view.ts';

/**
 * The layer between an ordering that lives in views and its channels: stamps and sorts messages by
 * epoch, enters deliveries in the log, and holds back this member's multicasts between two views.
 */
class Membership implements FaultAware {
  readonly #self: number;
  readonly #size: number;
  readonly #out: Out;
  readonly #log: TotalOrderLog;
  readonly #inner: Viewed;
  readonly #acceptor: Acceptor;
  readonly #change: ViewChange;
  /** This member's multicasts that are not delivered, for views to come: at most the run's. */
  readonly #own = new MessageQueue();
  /** How many of `#own`, from the first on, the inner ordering was given in this view. */
  #given = 0;
  /** The most messages of this member that the inner ordering is given at a time. */
  readonly #givenMax: number;

  constructor(group: Group, out: Out, createInner: CreateViewed, waitsFor: WaitsFor) {
    this.#self = group.self;
    this.#size = group.size;
    this.#out = out;
    this.#log = new TotalOrderLog(group.size);
    this.#givenMax = underWayMaxOf(group.size);
    const members = Array.from({ length: group.size }, (_, member) => member);
    const firstView = { epoch: 0, members };
    this.#acceptor = new Acceptor(group.self, firstView, this.#log, {
      freeze: (now) => this.#inner.freeze(now),
      deliver: (message) => this.#deliver(message),
      install: (now, view, known) => this.#install(now, view, known),
    });
    this.#change = new ViewChange(group, out, this.#acceptor, this.#log, waitsFor);
    this.#inner = createInner(group, this.#innerOut(), firstView, this.#log);
  }

  get deadline(): number {
    if (this.#acceptor.frozen) return this.#change.deadline;
    return Math.min(this.#inner.deadline, this.#change.deadline);
  }

  get held(): number {
    return this.#inner.held;
  }

  /** Whom the view, or the agreement on the next one, waits for; otherwise, what the ordering waits for. */
  blockage(): Blockage | null {
    const waitsFor = this.#change.missed;
    const inner = this.#inner.blockage?.() ?? null;
    if (waitsFor.length === 0 && inner !== null) return inner;
    const sequence = this.#log.countOf(this.#self);
    if (this.#own.length > 0) return { sender: this.#self, sequence, waitsFor };
    return inner === null ? null : { ...inner, waitsFor };
  }

  multicast(now: number, message: Message): void {
    const next = this.#log.countOf(this.#self) + this.#own.length;
    assert(message.sequence === next, 'a member numbers its multicasts 0, 1, 2...');
    this.#own.push(message);
    this.#give(now);
  }

  receive(now: number, from: number, message: Message): void {
    // No ordering has a place for a message of nobody.
    if (message.sender >= this.#size) return;
    if (this.#acceptor.frozen) this.#change.hear(now, from, message.kind);
    if (this.#change.concerns(from, message)) this.#change.receive(now, from, message);
    else if (this.#isCurrent(now, message.epoch)) this.#inner.receive(now, from, message);
    this.#give(now);
  }

  advance(now: number): void {
    if (this.#change.deadline <= now) this.#change.advance(now);
    if (!this.#acceptor.frozen && this.#inner.deadline <= now) this.#inner.advance(now);
    this.#give(now);
  }

  suspect(now: number, member: number): void {
    this.#change.suspect(now, member);
  }

  trust(now: number, member: number): void {
    this.#change.trust(now, member);
  }

  /**
   * Whether a message of `epoch` is the inner ordering's business now. A message of an older view
   * is nobody's any more. A message of a newer one shows that the view which this member stored has
   * begun.
   */
  #isCurrent(now: number, epoch: number): boolean {
    if (this.#acceptor.frozen && epoch > this.#acceptor.view.epoch) this.#change.begin(now, epoch);
    return !this.#acceptor.frozen && epoch === this.#acceptor.view.epoch;
  }

  #innerOut(): Out {
    return {
      multicast: (message) => {
        this.#multicast(this.#stamped(message));
      },
      send: (to, message) => {
        this.#out.send(to, this.#stamped(message));
      },
      deliver: (message) => {
        this.#deliver(message);
      },
    };
  }

  #multicast(message: Message): void {
    const { members } = this.#acceptor.view;
    if (members.length === this.#size) {
      this.#out.multicast(message);
      return;
    }
    for (const member of members) if (member !== this.#self) this.#out.send(member, message);
  }

  /** In the first view nothing has to be stamped; later an ordering may have done it itself. */
  #stamped(message: Message): Message {
    const { epoch } = this.#acceptor.view;
    if (message.epoch === epoch) return message;
    return message.withEpoch(epoch);
  }

  #deliver(message: Message): void {
    this.#log.append(message);
    if (message.sender === this.#self) {
      this.#own.shift();
      this.#given = Math.max(0, this.#given - 1);
    }
    this.#out.deliver(message);
  }

  #install(now: number, view: View, known: readonly Message[]): void {
    this.#inner.install(now, view, known);
    // A message that is in no log now is nowhere ordered: messages of older views are dropped everywhere.
    this.#given = 0;
    this.#give(now);
  }

  /** Gives the inner ordering this member's multicasts in turn, up to the number that may be under way. */
  #give(now: number): void {
    while (!this.#acceptor.frozen && this.#given < Math.min(this.#own.length, this.#givenMax)) {
      // The message is counted first, since the ordering may deliver it before the call returns.
      this.#given += 1;
      this.#inner.multicast(now, this.#own.at(this.#given - 1));
    }
  }
}

/**
 * A total order that lives in views, made to survive the crash of any minority of the group.
 * Composition: `detecting(reliable(viewed(createInner)))`: it needs channels that are FIFO and lose
 * nothing, and a detector of crashes, which may err: a wrong suspicion costs time, never safety.
 * Views are agreed on by a majority (membership-change.ts), so a minority that was cut off stands
 * still, and is brought up to date once it is heard again.
 *
 * `waitsFor` tells whose silence makes a new view: `first` for an ordering that goes on as long as
 * the first member of its view and a majority of the group live, `all` for one that needs all of
 * its view.
 */
export function viewed(createInner: CreateViewed, waitsFor: WaitsFor = 'all'): Create {
  return (group, out) => new Membership(group, out, createInner, waitsFor);
}

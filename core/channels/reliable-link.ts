import { ChannelDeadlines } from './channel-deadlines.ts';
import { WINDOW_MIN } from './congestion-window.ts';
import { LinkReceivers, WAITED_UNIT_US } from './link-receivers.ts';
import { LinkSenders } from './link-senders.ts';
import { requireDeadline } from '../deadline-rules.ts';
import { Kind, Message } from '../message.ts';
import {
  isFaultAware,
  type Blockage,
  type Create,
  type FaultAware,
  type Group,
  type Ordering,
  type Out,
} from '../ordering.ts';
import { requireDestination } from '../require-destination.ts';
import { withCheckedShape } from '../ordering-shape.ts';

/** A channel is backed up when more wait than a window sends at a time: a further message would only wait behind them. */
const WAITING_MAX = WINDOW_MIN;

/**
 * Loss recovery around any ordering: what the inner one multicasts or sends reaches every member
 * that lives exactly once, and in the order in which it was emitted, as if over FIFO channels.
 * There is a channel per pair of members (link-senders.ts, link-receivers.ts). To the outside the
 * layer is an ordering; to the inner ordering it is the network (an `Out`). On the channel to a
 * member that is suspected to have crashed, only the oldest message is retransmitted until the
 * member is trusted again; nothing is given up.
 */
class ReliableLink implements FaultAware {
  readonly #inner: Ordering;
  readonly #self: number;
  readonly #out: Out;
  readonly #size: number;
  readonly #senders: LinkSenders;
  readonly #receivers: LinkReceivers;
  /** A lower bound on the first thing to do on each channel: `advance` tightens it. */
  readonly #channels: ChannelDeadlines;
  /** The inner ordering's, as it was after its last call: it is asked more often than it changes. */
  #innerDeadline = Infinity;
  /** The members that are suspected to have crashed. */
  readonly #suspects: number[] = [];
  /** The time of the current call, at which the effects of the inner ordering happen. */
  #now = 0;

  constructor(group: Group, out: Out, createInner: Create) {
    this.#self = group.self;
    this.#out = out;
    this.#size = group.size;
    this.#channels = new ChannelDeadlines(group.size);
    this.#senders = new LinkSenders(out, group.size);
    this.#receivers = new LinkReceivers(group.self, group.size);
    this.#inner = createInner(group, {
      multicast: (message) => this.#multicast(message),
      send: (to, message) => this.#send(to, message),
      deliver: (message) => out.deliver(message),
    });
    // An ordering may have scheduled something before its first call.
    this.#readInner();
  }

  get deadline(): number {
    return Math.min(this.#innerDeadline, this.#channels.earliest);
  }

  /** What came early from a member that seems dead waits for nothing that is under way: what belongs before it may never come. */
  get held(): number {
    let held = this.#inner.held + this.#receivers.held;
    for (const member of this.#suspects) held -= this.#receivers.heldFrom(member);
    return held;
  }

  get isBackedUp(): boolean {
    if (this.#senders.waiting <= WAITING_MAX) return false;
    for (let member = 0; member < this.#size; member += 1) {
      if (this.#senders.queued(member) > WAITING_MAX) return true;
    }
    return false;
  }

  blockage(): Blockage | null {
    const inner = this.#inner.blockage?.() ?? null;
    if (inner !== null) return inner;
    for (let from = 0; from < this.#size; from += 1) {
      const earliest = this.#receivers.earliest(from);
      // The messages before this one on the channel never came.
      if (earliest !== null) {
        return { sender: earliest.sender, sequence: earliest.sequence, waitsFor: [from] };
      }
    }
    return null;
  }

  multicast(now: number, message: Message): void {
    this.#now = now;
    this.#inner.multicast(now, message);
    this.#readInner();
  }

  receive(now: number, from: number, message: Message): void {
    this.#now = now;
    if (message.kind === Kind.linkAck) {
      const waitedUs = message.timestamp * WAITED_UNIT_US;
      this.#senders.acknowledge(now, from, message.sequence, message.vector, waitedUs);
      this.#channels.lower(from, this.#senders.deadline(from));
    } else if (message.link > 0) {
      this.#receiveNumbered(now, from, message);
    }
    // This layer emits no message outside a channel but these: the sender of another one runs
    // something else.
  }

  advance(now: number): void {
    this.#now = now;
    if (this.#inner.deadline <= now) this.#inner.advance(now);
    this.#readInner();
    const channels = this.#channels;
    if (channels.earliest <= now) {
      for (const member of channels.due(now)) this.#advanceChannel(now, member);
    }
    // The earliest bound may be of something that was done in time.
    for (let dueAt = this.#dueAt(channels.first); channels.earliest < dueAt;) {
      channels.set(channels.first, dueAt);
      dueAt = this.#dueAt(channels.first);
    }
  }

  #advanceChannel(now: number, member: number): void {
    this.#senders.advance(now, member);
    if (this.#receivers.acknowledgeAt(member) <= now) this.#acknowledge(member);
    this.#channels.set(member, this.#dueAt(member));
  }

  suspect(now: number, member: number): void {
    this.#now = now;
    if (member !== this.#self) {
      this.#senders.suspend(member);
      if (!this.#suspects.includes(member)) this.#suspects.push(member);
    }
    if (isFaultAware(this.#inner)) this.#inner.suspect(now, member);
    this.#readInner();
  }

  trust(now: number, member: number): void {
    this.#now = now;
    if (member !== this.#self) {
      this.#senders.resume(now, member);
      const index = this.#suspects.indexOf(member);
      if (index >= 0) this.#suspects.splice(index, 1);
    }
    if (isFaultAware(this.#inner)) this.#inner.trust(now, member);
    this.#channels.lower(member, this.#senders.deadline(member));
    this.#readInner();
  }

  #receiveNumbered(now: number, from: number, message: Message): void {
    const receivers = this.#receivers;
    if (receivers.receive(now, from, message)) {
      this.#hand(now, from, message);
      for (let next = receivers.take(from); next !== null; next = receivers.take(from)) {
        this.#hand(now, from, next);
      }
    }
    if (receivers.acknowledgeAt(from) <= now) this.#acknowledge(from);
    this.#channels.lower(from, receivers.acknowledgeAt(from));
    this.#readInner();
  }

  #hand(now: number, from: number, message: Message): void {
    this.#out.handed?.(from, message);
    this.#inner.receive(now, from, message);
  }

  #multicast(message: Message): void {
    let numbered = message;
    let before = message;
    for (let member = 0; member < this.#size; member += 1) {
      if (member === this.#self) continue;
      // Channels that count alike share a copy of the message. All do that only ever carry multicasts; where one carried
      // more, as that to whom the token goes, those after it mostly count as those before it.
      const next = this.#senders.next(member);
      if (numbered.link !== next) {
        const shared = before;
        before = numbered;
        numbered = shared.link === next ? shared : message.onLink(next);
      }
      this.#offer(member, numbered);
    }
  }

  #send(to: number, message: Message): void {
    requireDestination(to, this.#self, this.#size);
    this.#offer(to, message.onLink(this.#senders.next(to)));
  }

  #offer(to: number, numbered: Message): void {
    this.#senders.offer(this.#now, to, numbered);
    this.#channels.lower(to, this.#senders.deadline(to));
    // An acknowledgement that is owed rides in the datagram that this message fills anyway.
    if (this.#receivers.owesBy(this.#now, to)) this.#acknowledge(to);
  }

  #acknowledge(member: number): void {
    this.#out.send(member, this.#receivers.acknowledge(this.#now, member));
  }

  /** When there is something to do on the channel to and from `member`. */
  #dueAt(member: number): number {
    return Math.min(this.#senders.deadline(member), this.#receivers.acknowledgeAt(member));
  }

  /** A deadline that is no number is refused here, since `Math.min` would make one of it. */
  #readInner(): void {
    const { deadline } = this.#inner;
    requireDeadline(deadline);
    this.#innerDeadline = deadline;
  }
}

/** A way to create orderings whose channels lose nothing, and which says so. */
export interface RetransmittingCreate extends Create {
  readonly retransmits: true;
  /** The same without the link, and without whatever layers stand on it. */
  readonly bare: Create;
}

/** Wraps `createInner` so that every channel is reliable and FIFO. */
export function reliable(createInner: Create): RetransmittingCreate {
  const checked = withCheckedShape(createInner);
  const create: Create = (group, out) => new ReliableLink(group, out, checked);
  return Object.assign(create, { retransmits: true, bare: checked } as const);
}

/** Whether `create` says that what it creates sends lost messages again. */
export function isRetransmitting(create: Create): create is RetransmittingCreate {
  return 'retransmits' in create && create.retransmits === true;
}

/**
 * The ordering that `create` makes, without its reliable link and its failure detector; `null` where it has no
 * link. Whoever runs it has to give it channels that are FIFO and lose nothing, and to tell it who crashed.
 */
export function bareOf(create: Create): Create | null {
  return isRetransmitting(create) && 'bare' in create ? create.bare : null;
}

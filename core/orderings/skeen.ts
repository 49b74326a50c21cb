import { assert } from '../base/assert.ts';
import { detecting } from '../channels/failure-detector.ts';
import { Heap } from '../base/heap.ts';
import { viewed } from '../views/membership.ts';
import { Kind, Message } from '../message.ts';
import type { Blockage, Create, Group, Out } from '../ordering.ts';
import { reliable } from '../channels/reliable-link.ts';
import { longestRoundTrip, majorityRoundTrip, type Theory } from './theory.ts';
import type { TotalOrderLog } from '../views/total-order-log.ts';
import { type CreateViewed, majorityOf, type View, type Viewed } from '../views/view.ts';

/** The kinds of its own messages: numbers of the wire, which never change meaning. */
export const SkeenKind = {
  /** A timestamp for message (`sender`, `sequence`), proposed to its sender. */
  skeenProposal: 21,
  /** The greatest of the proposals, which is final. */
  skeenDecision: 22,
  /** The sender stored the decision. */
  skeenStored: 23,
  /** A majority stored the decision. */
  skeenCommit: 24,
} as const;

/** A message on its way through the agreement. */
interface Agreement {
  readonly message: Message;
  /** This member's proposal; once decided and moved to its new place, the final timestamp. */
  place: number;
  /** At the sender, the greatest proposal heard; elsewhere, the decision. Final once `awaited` is 0. */
  timestamp: number;
  decided: boolean;
  /** At the sender: how many members' proposals have not come. */
  awaited: number;
  /** At the sender: how many members stored the decision. */
  stored: number;
  deliverable: boolean;
}

/**
 * skeen: the destinations agree on each message's timestamp; skeen-uniform: and a majority stores it
 * before anybody delivers.
 *
 * Rule: a sender multicasts its message; every member proposes a timestamp greater than any that it
 * has proposed or heard of; the sender decides on the greatest (its own counts) and multicasts that. A
 * member delivers the decided message with the smallest timestamp, ties by sender, once no undecided one
 * can become smaller: none for which it proposed less itself. In skeen-uniform the others tell the sender
 * that they stored the decision, and it multicasts that a majority has; only then may it be delivered.
 * Guarantees: integrity, validity, uniform agreement, FIFO, causal and total order; skeen-uniform: also
 * uniform total order, no gaps. Agreement is uniform in both, because every member of the view held a
 * message before it was decided; skeen's order is not, because a decision may die with those who delivered
 * by it. Causal, because a sender's own proposal exceeds the timestamps of all that it delivered; FIFO,
 * because everyone's proposals for a sender's messages increase.
 * Messages per multicast: 3(n - 1); skeen-uniform: 5(n - 1). Latency: 3 communication steps; 5.
 * Survives: a minority. In a view change the survivors put together what they hold and decide on the
 * rest, whose senders may have died between the two phases (see `inOrder`). That contradicts none
 * of them: they delivered decided messages only, and none before a smaller one. A member of skeen that
 * was wrongly taken for dead may have delivered by a decision that nobody else has; then it has to
 * stop (ExclusionError in view.ts).
 * Source: Skeen's protocol in Birman and Joseph, "Reliable communication in the presence of failures"
 * (1987), the ISIS ABCAST.
 */
class Skeen implements Viewed {
  readonly deadline = Infinity;
  readonly #self: number;
  readonly #out: Out;
  readonly #log: TotalOrderLog;
  /** How many members must store a decision before it is acted upon. */
  readonly #quorum: number;
  readonly #isUniform: boolean;
  /** By sender, then by sequence number; bounded by what the members multicast. */
  readonly #agreements: Map<number, Agreement>[] = [];
  #queue = new Heap<Agreement>(precedes);
  #size = 0;
  #clock = 0;

  constructor(group: Group, out: Out, view: View, log: TotalOrderLog, isUniform: boolean) {
    this.#self = group.self;
    this.#out = out;
    this.#log = log;
    this.#size = view.members.length;
    this.#isUniform = isUniform;
    this.#quorum = isUniform ? majorityOf(group.size) : 1;
    for (let member = 0; member < group.size; member += 1) this.#agreements.push(new Map());
  }

  get held(): number {
    return this.#queue.size;
  }

  /** The first message waits for its sender's decision; this member's own waits for the others' proposals. */
  blockage(): Blockage | null {
    const { first } = this.#queue;
    if (first === undefined) return null;
    const { sender, sequence } = first.message;
    return { sender, sequence, waitsFor: sender === this.#self ? [] : [sender] };
  }

  multicast(_now: number, message: Message): void {
    // The sender's own proposal goes with the message: a lower bound of what will be decided.
    const stamped = about(Kind.data, message, this.#clock + 1, message.payload);
    const agreement = this.#propose(stamped);
    this.#out.multicast(stamped);
    this.#decideWhenAllProposed(agreement);
  }

  receive(_now: number, from: number, message: Message): void {
    const { kind, sender, sequence, timestamp } = message;
    if (kind === Kind.data) {
      const { place } = this.#propose(message);
      this.#out.send(sender, about(SkeenKind.skeenProposal, message, place));
      return;
    }
    const agreement = this.#agreements[sender]?.get(sequence);
    if (kind === SkeenKind.skeenProposal) this.#hearProposal(agreement, timestamp);
    else if (kind === SkeenKind.skeenDecision) this.#hearDecision(from, agreement, timestamp);
    else if (kind === SkeenKind.skeenStored) this.#hearStored(agreement);
    else if (kind === SkeenKind.skeenCommit) this.#commit(agreement);
  }

  advance(): void {
    // Nothing is ever scheduled.
  }

  /** A decided message is returned with the decided timestamp, and marked by a position. */
  freeze(): Message[] {
    return this.#agreements.flatMap((agreements) =>
      [...agreements.values()].map(({ message, decided, timestamp }) =>
        decided ? about(Kind.data, message, timestamp, message.payload, 1) : message,
      ),
    );
  }

  install(_now: number, view: View, known: readonly Message[]): void {
    for (const message of inOrder(known, this.#isUniform)) {
      if (message.sequence === this.#log.countOf(message.sender)) this.#out.deliver(message);
    }
    for (const agreements of this.#agreements) agreements.clear();
    this.#queue = new Heap(precedes);
    this.#size = view.members.length;
  }

  #propose(message: Message): Agreement {
    this.#clock += 1;
    const agreement: Agreement = {
      message,
      place: this.#clock,
      timestamp: this.#clock,
      decided: false,
      awaited: this.#size - 1,
      stored: 1,
      deliverable: false,
    };
    this.#agreements[message.sender]!.set(message.sequence, agreement);
    this.#queue.add(agreement);
    return agreement;
  }

  #hearProposal(agreement: Agreement | undefined, timestamp: number): void {
    assert(agreement !== undefined && agreement.awaited > 0, 'a proposal answers a message, once');
    agreement.awaited -= 1;
    if (timestamp > agreement.timestamp) agreement.timestamp = timestamp;
    this.#decideWhenAllProposed(agreement);
  }

  #decideWhenAllProposed(agreement: Agreement): void {
    if (agreement.awaited > 0) return;
    const { message, timestamp } = agreement;
    this.#out.multicast(about(SkeenKind.skeenDecision, message, timestamp));
    this.#decide(agreement, timestamp);
  }

  #hearDecision(from: number, agreement: Agreement | undefined, timestamp: number): void {
    assert(
      agreement !== undefined && !agreement.decided,
      'a message is decided once, after it came',
    );
    this.#decide(agreement, timestamp);
    if (this.#quorum > 1) this.#out.send(from, about(SkeenKind.skeenStored, agreement.message, 0));
  }

  #decide(agreement: Agreement, timestamp: number): void {
    agreement.decided = true;
    agreement.deliverable = this.#quorum === 1;
    agreement.timestamp = timestamp;
    if (timestamp > this.#clock) this.#clock = timestamp;
    this.#deliverFirsts();
  }

  /** The sender hears that a member stored its decision; it acts once a majority has. */
  #hearStored(agreement: Agreement | undefined): void {
    if (agreement === undefined || agreement.deliverable) return;
    agreement.stored += 1;
    if (agreement.stored < this.#quorum) return;
    this.#out.multicast(about(SkeenKind.skeenCommit, agreement.message, 0));
    this.#commit(agreement);
  }

  #commit(agreement: Agreement | undefined): void {
    assert(agreement?.decided === true, 'a message is decided before it is deliverable');
    agreement.deliverable = true;
    this.#deliverFirsts();
  }

  #deliverFirsts(): void {
    for (let first = this.#queue.first; first?.decided; first = this.#queue.first) {
      if (first.place < first.timestamp) this.#moveToFinalPlace();
      else if (first.deliverable) this.#deliverFirst();
      else return;
    }
  }

  #moveToFinalPlace(): void {
    const agreement = this.#queue.take()!;
    agreement.place = agreement.timestamp;
    this.#queue.add(agreement);
  }

  #deliverFirst(): void {
    const { message } = this.#queue.take()!;
    this.#agreements[message.sender]!.delete(message.sequence);
    this.#out.deliver(message);
  }
}

/** By place, then by sender; of one sender's messages, the one multicast first is first. */
function precedes({ place, message }: Agreement, other: Agreement): boolean {
  if (place !== other.place) return place < other.place;
  if (message.sender !== other.message.sender) return message.sender < other.message.sender;
  return message.sequence < other.message.sequence;
}

/**
 * The order in which a new view delivers what its members know. If uniform, decided messages come
 * first, as no decision was acted upon for the rest. If not, a member that died may have delivered by a
 * decision that is lost, and then multicast a message that depends on it. So an undecided message
 * stands at its sender's own proposal, a lower bound of any decision, and behind its sender's earlier
 * messages.
 */
function inOrder(known: readonly Message[], isUniform: boolean): Message[] {
  const places = new Map<Message, number>();
  let before: Message | undefined;
  for (const message of known.toSorted(compareOfSender)) {
    const own = message.position === 0 && isUniform ? Infinity : message.timestamp;
    const isSameSender = before?.sender === message.sender;
    // The entry of a member that knows the decision came first: what others know counts no more.
    if (isSameSender && before?.sequence === message.sequence) continue;
    places.set(message, isSameSender ? Math.max(own, places.get(before!)!) : own);
    before = message;
  }
  return [...places.keys()].sort((one, other) => {
    const [place, otherPlace] = [places.get(one)!, places.get(other)!];
    return place === otherPlace ? compareOfSender(one, other) : place - otherPlace;
  });
}

/** Compares by sender, then in the order of multicast; an entry that is decided comes first. */
function compareOfSender(one: Message, other: Message): number {
  return (
    one.sender - other.sender || one.sequence - other.sequence || other.position - one.position
  );
}

function about(
  kind: number,
  { sender, sequence }: Message,
  timestamp: number,
  payload?: Uint8Array,
  position = 0,
): Message {
  return new Message(kind, sender, sequence, payload, 0, timestamp, 0, position);
}

/** What lives in one view: without the change of views, the link and the detector. */
export function skeenInViews(isUniform: boolean): CreateViewed {
  return (group, out, view, log) => new Skeen(group, out, view, log, isUniform);
}

export const create: Create = detecting(reliable(viewed(skeenInViews(false))));
export const createUniform: Create = detecting(reliable(viewed(skeenInViews(true))));

/** The sender asks everybody, and then tells its decision. */
export const theory: Theory = {
  formula: '3 (n - 1)',
  messages: (size) => 3 * (size - 1),
  steps: '3',
  latency: (distance, size, sender, receiver) =>
    longestRoundTrip(distance, size, sender) + distance(sender, receiver),
};

/** The same with the sender's round trip to a majority in between. */
export const theoryUniform: Theory = {
  formula: '5 (n - 1)',
  messages: (size) => 5 * (size - 1),
  steps: '5',
  latency: (distance, size, sender, receiver) =>
    longestRoundTrip(distance, size, sender) +
    majorityRoundTrip(distance, size, sender) +
    distance(sender, receiver),
};

import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const PROPOSAL = 241;
const DECISION = 242;

interface Entry {
  readonly message: Message;
  timestamp: number;
  /** Who proposed it: ties go to the lower member. */
  proposer: number;
  isDecided: boolean;
  /** How many proposals its sender still waits for. */
  awaited: number;
}

/**
 * Skeen's order, but a member that hears a decision does not raise its clock to it: what it proposes next may
 * come before what was delivered.
 */
class SkeenClockNotRaised implements Ordering {
  readonly deadline = Infinity;
  readonly #group: Group;
  readonly #out: Out;
  readonly #entries = new Map<string, Entry>();
  #clock = 0;

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
  }

  get held(): number {
    return this.#entries.size;
  }

  multicast(_now: number, message: Message): void {
    this.#propose(message);
    this.#out.multicast(message);
  }

  receive(_now: number, from: number, message: Message): void {
    const { kind, sender, sequence, timestamp, position } = message;
    if (kind === Kind.data) {
      const proposed = this.#propose(message).timestamp;
      this.#out.send(sender, new Message(PROPOSAL, sender, sequence, undefined, 0, proposed));
      return;
    }
    const entry = this.#entries.get(keyOf(message))!;
    if (kind === DECISION) this.#decide(entry, timestamp, position);
    else this.#hearProposal(entry, from, timestamp);
  }

  advance(): void {
    // Nothing is scheduled.
  }

  #propose(message: Message): Entry {
    this.#clock += 1;
    const [timestamp, proposer] = [this.#clock, this.#group.self];
    const awaited = this.#group.size - 1;
    const entry = { message, timestamp, proposer, isDecided: false, awaited };
    this.#entries.set(keyOf(message), entry);
    return entry;
  }

  #hearProposal(entry: Entry, from: number, timestamp: number): void {
    if (comesAfter(timestamp, from, entry)) [entry.timestamp, entry.proposer] = [timestamp, from];
    entry.awaited -= 1;
    if (entry.awaited > 0) return;
    const { sender, sequence } = entry.message;
    const { timestamp: decided, proposer } = entry;
    this.#out.multicast(
      new Message(DECISION, sender, sequence, undefined, 0, decided, 0, proposer),
    );
    this.#decide(entry, decided, proposer);
  }

  /** The fault is what is not here: the clock is to be at least `timestamp` from now on. */
  #decide(entry: Entry, timestamp: number, proposer: number): void {
    [entry.timestamp, entry.proposer, entry.isDecided] = [timestamp, proposer, true];
    for (let first = this.#first; first?.isDecided; first = this.#first) {
      this.#entries.delete(keyOf(first.message));
      this.#out.deliver(first.message);
    }
  }

  get #first(): Entry | undefined {
    const entries = [...this.#entries.values()];
    return entries.find((each) =>
      entries.every((other) => other === each || comesAfter(other.timestamp, other.proposer, each)),
    );
  }
}

function comesAfter(timestamp: number, proposer: number, entry: Entry): boolean {
  return timestamp === entry.timestamp ? proposer > entry.proposer : timestamp > entry.timestamp;
}

function keyOf({ sender, sequence }: Message): string {
  return `${sender} ${sequence}`;
}

export const create = reliable((group, out) => new SkeenClockNotRaised(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

import { reliable } from '../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Blockage, Group, Ordering, Out } from '../../core/ordering.ts';

const PROPOSAL = 241;
const DECISION = 242;

interface Pending {
  readonly message: Message;
  /** Proposed here, or decided. */
  timestamp: number;
  decided: boolean;
  /** Members whose proposal has come; only the sender collects them. */
  readonly proposals: Map<number, number>;
}

/**
 * Skeen's algorithm as the textbooks have it: everybody proposes a timestamp, the sender decides on the greatest,
 * and what has the smallest timestamp is delivered once it is decided. Nobody takes over from a sender that crashes
 * between the two: what it began blocks everybody for ever, although it says that it survives a minority.
 */
class SkeenWithoutFailOver implements Ordering {
  readonly deadline = Infinity;
  readonly #group: Group;
  readonly #out: Out;
  #pending: Pending[] = [];
  #clock = 0;

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
  }

  get held(): number {
    return this.#pending.length;
  }

  /** The first in line waits for its sender's decision; the sender itself for proposals. */
  blockage(): Blockage | null {
    const [first] = this.#pending;
    if (first === undefined) return null;
    const { sender, sequence } = first.message;
    return {
      sender,
      sequence,
      waitsFor: sender === this.#group.self ? this.#awaited(first) : [sender],
    };
  }

  multicast(_now: number, message: Message): void {
    this.#out.multicast(message);
    const pending = this.#propose(message);
    pending.proposals.set(this.#group.self, pending.timestamp);
  }

  receive(_now: number, from: number, message: Message): void {
    const { kind, sender, sequence, timestamp } = message;
    if (kind === Kind.data) {
      const proposed = this.#propose(message).timestamp;
      this.#out.send(from, new Message(PROPOSAL, sender, sequence).withTimestamp(proposed));
    } else if (kind === PROPOSAL) {
      this.#collect(message, from, timestamp);
    } else if (kind === DECISION) {
      this.#decide(message, timestamp);
    }
  }

  advance(): void {
    // There is no timer.
  }

  #propose(message: Message): Pending {
    this.#clock += 1;
    const pending = { message, timestamp: this.#clock, decided: false, proposals: new Map() };
    this.#pending.push(pending);
    return pending;
  }

  #collect(about: Message, from: number, timestamp: number): void {
    const pending = this.#find(about);
    if (pending === undefined) return;
    pending.proposals.set(from, timestamp);
    if (this.#awaited(pending).length > 0) return;
    const decision = Math.max(...pending.proposals.values());
    const { sender, sequence } = about;
    this.#out.multicast(new Message(DECISION, sender, sequence).withTimestamp(decision));
    this.#decide(about, decision);
  }

  #awaited({ proposals }: Pending): number[] {
    const members = Array.from({ length: this.#group.size }, (_, member) => member);
    return members.filter((member) => !proposals.has(member));
  }

  #decide(about: Message, timestamp: number): void {
    const pending = this.#find(about);
    if (pending === undefined) return;
    pending.timestamp = timestamp;
    pending.decided = true;
    this.#clock = Math.max(this.#clock, timestamp);
    this.#pending.sort((a, b) => a.timestamp - b.timestamp || a.message.sender - b.message.sender);
    while (this.#pending[0]?.decided === true) this.#out.deliver(this.#pending.shift()!.message);
  }

  #find({ sender, sequence }: Message): Pending | undefined {
    return this.#pending.find(
      ({ message }) => message.sender === sender && message.sequence === sequence,
    );
  }
}

export const create = reliable((group, out) => new SkeenWithoutFailOver(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];
export const survives = 'minority';

import { Kind, Message } from '../../core/message.ts';
import type { Create, Group, Ordering, Out } from '../../core/ordering.ts';

const ACK = 240;
const RETRY_US = 300_000;
const ATTEMPTS_MAX = 100;

interface Unacknowledged {
  readonly message: Message;
  readonly missing: Set<number>;
  attempts: number;
}

/** Sends again what was not acknowledged, and delivers whatever comes, however often it comes. */
class RetransmitsWithoutDeduplication implements Ordering {
  deadline = Infinity;
  readonly held = 0;
  readonly #group: Group;
  readonly #out: Out;
  #unacknowledged: Unacknowledged[] = [];

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
  }

  multicast(now: number, message: Message): void {
    const missing = new Set(Array.from({ length: this.#group.size }, (_, member) => member));
    missing.delete(this.#group.self);
    this.#unacknowledged.push({ message, missing, attempts: 1 });
    this.#out.multicast(message);
    this.#out.deliver(message);
    this.deadline = Math.min(this.deadline, now + RETRY_US);
  }

  receive(_now: number, from: number, message: Message): void {
    if (message.kind === Kind.data) {
      this.#out.deliver(message);
      this.#out.send(from, new Message(ACK, message.sender, message.sequence));
      return;
    }
    const entry = this.#unacknowledged.find((each) => each.message.sequence === message.sequence);
    entry?.missing.delete(from);
  }

  advance(now: number): void {
    this.#unacknowledged = this.#unacknowledged.filter(
      ({ missing, attempts }) => missing.size > 0 && attempts < ATTEMPTS_MAX,
    );
    for (const entry of this.#unacknowledged) {
      entry.attempts += 1;
      for (const member of entry.missing) this.#out.send(member, entry.message);
    }
    this.deadline = this.#unacknowledged.length > 0 ? now + RETRY_US : Infinity;
  }
}

export const create: Create = (group, out) => new RetransmitsWithoutDeduplication(group, out);
export const guarantees = ['integrity', 'validity', 'agreement'];

import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const TOKEN = 244;
const HOLD_US = 500_000;

/** Whoever has the token gives places to its own messages, and keeps it for half a second first. */
class RightSlowToken implements Ordering {
  deadline: number;
  readonly #group: Group;
  readonly #out: Out;
  readonly #own: Message[] = [];
  readonly #early = new Map<number, Message>();
  #nextToAssign = 0;
  #nextToDeliver = 0;

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
    this.deadline = group.self === 0 ? HOLD_US : Infinity;
  }

  get held(): number {
    return this.#own.length + this.#early.size;
  }

  multicast(_now: number, message: Message): void {
    this.#own.push(message);
  }

  receive(now: number, _from: number, message: Message): void {
    if (message.kind !== TOKEN) return this.#take(message);
    this.#nextToAssign = message.position;
    this.deadline = now + HOLD_US;
  }

  advance(): void {
    this.deadline = Infinity;
    for (const { sender, sequence, payload } of this.#own.splice(0)) {
      const position = this.#nextToAssign;
      this.#nextToAssign += 1;
      const placed = new Message(Kind.data, sender, sequence, payload, 0, 0, 0, position);
      this.#out.multicast(placed);
      this.#take(placed);
    }
    const { self, size } = this.#group;
    const token = new Message(TOKEN, self, 0, undefined, 0, 0, 0, this.#nextToAssign);
    this.#out.send((self + 1) % size, token);
  }

  #take(message: Message): void {
    this.#early.set(message.position, message);
    let next = this.#early.get(this.#nextToDeliver);
    while (next !== undefined) {
      this.#early.delete(this.#nextToDeliver);
      this.#nextToDeliver += 1;
      this.#out.deliver(next);
      next = this.#early.get(this.#nextToDeliver);
    }
  }
}

export const create = reliable((group, out) => new RightSlowToken(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

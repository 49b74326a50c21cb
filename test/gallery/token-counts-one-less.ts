import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const TOKEN = 240;
const HOLD_US = 20_000;

/**
 * A token ring: whoever holds the token gives positions to what it has to multicast. The token goes on with a position
 * that is one too small where that were several messages, so that the next holder gives one position again.
 */
class TokenCountsOneLess implements Ordering {
  deadline: number;
  readonly #group: Group;
  readonly #out: Out;
  #waiting: Message[] = [];
  readonly #ordered = new Map<number, Message>();
  #nextToGive = 0;
  #nextToDeliver = 0;

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
    this.deadline = group.self === 0 ? 0 : Infinity;
  }

  get held(): number {
    return this.#ordered.size;
  }

  multicast(_now: number, message: Message): void {
    this.#waiting.push(message);
  }

  receive(now: number, _from: number, message: Message): void {
    if (message.kind === Kind.data) return this.#accept(message);
    this.#nextToGive = message.position;
    this.deadline = now + HOLD_US;
  }

  advance(): void {
    this.deadline = Infinity;
    const { self, size } = this.#group;
    const { length } = this.#waiting;
    const after = this.#nextToGive + (length > 1 ? length - 1 : length);
    this.#out.send((self + 1) % size, new Message(TOKEN, self, 0, undefined, 0, 0, 0, after));
    for (const message of this.#waiting) {
      const ordered = message.withPosition(this.#nextToGive);
      this.#nextToGive += 1;
      this.#out.multicast(ordered);
      this.#accept(ordered);
    }
    this.#waiting = [];
  }

  #accept(message: Message): void {
    this.#ordered.set(message.position, message);
    for (let next; (next = this.#ordered.get(this.#nextToDeliver)); this.#nextToDeliver += 1) {
      this.#ordered.delete(this.#nextToDeliver);
      this.#out.deliver(next);
    }
  }
}

export const create = reliable((group, out) => new TokenCountsOneLess(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

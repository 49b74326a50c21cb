import { reliable } from '../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** One number after another for all members, which only members of one process can draw from. */
let next = 0;

class CounterShared implements Ordering {
  deadline = Infinity;
  readonly #out: Out;
  readonly #early = new Map<number, Message>();
  #delivered = 0;

  constructor(_group: Group, out: Out) {
    this.#out = out;
    next = 0;
  }

  get held(): number {
    return this.#early.size;
  }

  multicast(_now: number, { sender, sequence, payload }: Message): void {
    const numbered = new Message(Kind.data, sender, sequence, payload).withPosition(next);
    next += 1;
    this.#out.multicast(numbered);
    this.#take(numbered);
  }

  receive(_now: number, _from: number, message: Message): void {
    this.#take(message);
  }

  advance(): void {
    this.deadline = Infinity;
  }

  #take(message: Message): void {
    this.#early.set(message.position, message);
    for (let due = this.#early.get(this.#delivered); due !== undefined;) {
      this.#early.delete(this.#delivered);
      this.#delivered += 1;
      this.#out.deliver(due);
      due = this.#early.get(this.#delivered);
    }
  }
}

export const create = reliable((group, out) => new CounterShared(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

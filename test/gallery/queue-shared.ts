import { reliable } from '../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** What everybody multicast, in one order: members of one process see the same list. */
const queue: Message[] = [];

class QueueShared implements Ordering {
  deadline = Infinity;
  readonly held = 0;
  readonly #out: Out;
  #delivered = 0;

  constructor(_group: Group, out: Out) {
    this.#out = out;
    queue.length = 0;
  }

  multicast(_now: number, message: Message): void {
    queue.push(message);
    this.#out.multicast(new Message(Kind.data, message.sender, message.sequence, message.payload));
    this.#deliverAll();
  }

  /** There is something new in the queue. */
  receive(): void {
    this.#deliverAll();
  }

  advance(): void {
    this.deadline = Infinity;
  }

  #deliverAll(): void {
    for (; this.#delivered < queue.length; this.#delivered += 1) {
      this.#out.deliver(queue[this.#delivered]!);
    }
  }
}

export const create = reliable((group, out) => new QueueShared(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

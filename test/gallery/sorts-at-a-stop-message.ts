import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const STOP = 243;
const QUIET_US = 2_000_000;

/** Whoever has not multicast for long says that it has stopped; when all have, everything is sorted. */
class SortsAtAStopMessage implements Ordering {
  deadline = Infinity;
  readonly #group: Group;
  readonly #out: Out;
  readonly #stopped = new Set<number>();
  #held: Message[] = [];

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
  }

  get held(): number {
    return this.#held.length;
  }

  multicast(now: number, message: Message): void {
    this.#out.multicast(message);
    this.#held.push(message);
    this.deadline = now + QUIET_US;
  }

  receive(_now: number, from: number, message: Message): void {
    if (message.kind === Kind.data) this.#held.push(message);
    else this.#stop(from);
  }

  advance(): void {
    this.deadline = Infinity;
    this.#out.multicast(new Message(STOP, this.#group.self, 0));
    this.#stop(this.#group.self);
  }

  #stop(member: number): void {
    this.#stopped.add(member);
    if (this.#stopped.size < this.#group.size) return;
    this.#held.sort((a, b) => a.sequence - b.sequence || a.sender - b.sender);
    for (const message of this.#held.splice(0)) this.#out.deliver(message);
  }
}

export const create = reliable((group, out) => new SortsAtAStopMessage(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

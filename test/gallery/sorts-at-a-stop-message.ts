import { Kind, Message } from '../../core/message.ts';
import type { Group, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { SortingBase } from './sorting-base.ts';

const STOP = 243;
const QUIET_US = 2_000_000;

/** Whoever has not multicast for long says that it has stopped; when all have, everything is sorted. */
class SortsAtAStopMessage extends SortingBase {
  readonly #group: Group;
  readonly #stopped = new Set<number>();

  constructor(group: Group, out: Out) {
    super(out);
    this.#group = group;
  }

  override multicast(now: number, message: Message): void {
    super.multicast(now, message);
    this.deadline = now + QUIET_US;
  }

  override receive(_now: number, from: number, message: Message): void {
    if (message.kind === Kind.data) this.holding.push(message);
    else this.#stop(from);
  }

  override advance(): void {
    this.deadline = Infinity;
    this.out.multicast(new Message(STOP, this.#group.self, 0));
    this.#stop(this.#group.self);
  }

  #stop(member: number): void {
    this.#stopped.add(member);
    if (this.#stopped.size === this.#group.size) this.sort();
  }
}

export const create = reliable((group, out) => new SortsAtAStopMessage(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

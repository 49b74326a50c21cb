import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const TOKEN = 240;
const HOLD_US = 5_000;
/** A token that was not seen for this long is taken for lost; members further on in the ring wait longer. */
const LOST_US = 500_000;

/**
 * Privilege-based: whoever holds the circulating token gives the next numbers to its messages. A token
 * not seen for a while is replaced, also when it was only late: then two of them circulate.
 */
class TokenDuplicated implements Ordering {
  deadline: number;
  readonly #group: Group;
  readonly #out: Out;
  #waiting: Message[] = [];
  readonly #ordered: Message[] = [];
  #highest = 0;
  #nextToDeliver = 1;

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
    this.deadline = group.self === 0 ? 0 : this.#patienceUs;
  }

  get held(): number {
    return this.#ordered.length;
  }

  get #patienceUs(): number {
    return LOST_US * (this.#group.self + 2);
  }

  multicast(_now: number, message: Message): void {
    this.#waiting.push(message);
  }

  receive(now: number, _from: number, message: Message): void {
    if (message.kind === Kind.data) return this.#accept(message);
    this.#highest = Math.max(this.#highest, message.position);
    this.deadline = now + HOLD_US;
  }

  advance(now: number): void {
    this.#order();
    const next = (this.#group.self + 1) % this.#group.size;
    this.#out.send(
      next,
      new Message(TOKEN, this.#group.self, 0, undefined, 0, 0, 0, this.#highest),
    );
    this.deadline = now + this.#patienceUs;
  }

  #order(): void {
    for (const { sender, sequence, payload } of this.#waiting) {
      this.#highest += 1;
      const ordered = new Message(Kind.data, sender, sequence, payload, 0, 0, 0, this.#highest);
      this.#out.multicast(ordered);
      this.#accept(ordered);
    }
    this.#waiting = [];
  }

  #accept(message: Message): void {
    this.#highest = Math.max(this.#highest, message.position);
    this.#ordered.push(message);
    this.#ordered.sort((a, b) => a.position - b.position);
    while (this.#ordered.length > 0 && this.#ordered[0]!.position <= this.#nextToDeliver) {
      const next = this.#ordered.shift()!;
      this.#nextToDeliver = next.position + 1;
      this.#out.deliver(next);
    }
  }
}

export const create = reliable((group, out) => new TokenDuplicated(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

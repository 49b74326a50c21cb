import type { Message } from '../../core/message.ts';
import type { Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const REMEMBERED_MAX = 256;

/** Every member passes on what its sender sent it, and remembers only the last messages that it has heard. */
class ForgetsTheOldest implements Ordering {
  readonly deadline = Infinity;
  readonly held = 0;
  readonly #out: Out;
  readonly #heard = new Set<string>();

  constructor(out: Out) {
    this.#out = out;
  }

  multicast(_now: number, message: Message): void {
    this.#take(message, true);
  }

  receive(_now: number, from: number, message: Message): void {
    this.#take(message, from === message.sender);
  }

  advance(): void {
    // Nothing is ever scheduled.
  }

  #take(message: Message, isFirstHand: boolean): void {
    const name = `${message.sender} ${message.sequence}`;
    if (this.#heard.has(name)) return;
    this.#heard.add(name);
    if (this.#heard.size > REMEMBERED_MAX) this.#heard.delete(this.#heard.values().next().value!);
    if (isFirstHand) this.#out.multicast(message);
    this.#out.deliver(message);
  }
}

export const create = reliable((_group, out) => new ForgetsTheOldest(out));
export const guarantees = ['integrity', 'validity', 'agreement'];

import type { Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

/**
 * Reliable broadcast by relaying, to save messages only to the member after oneself, and only what came from its sender
 * itself: where that sender crashes in between, a third one never gets it.
 */
class RelaysToTheNext implements Ordering {
  readonly deadline = Infinity;
  readonly held = 0;
  readonly #group: Group;
  readonly #out: Out;
  readonly #seen = new Set<string>();

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
  }

  multicast(_now: number, message: Message): void {
    this.#out.multicast(message);
    this.#deliverOnce(message);
  }

  receive(_now: number, from: number, message: Message): void {
    const { self, size } = this.#group;
    const next = (self + 1) % size;
    if (!this.#deliverOnce(message)) return;
    if (from === message.sender && next !== from) this.#out.send(next, message);
  }

  advance(): void {
    // Nothing is scheduled.
  }

  /** Whether it was delivered now, and not before. */
  #deliverOnce(message: Message): boolean {
    const key = `${message.sender} ${message.sequence}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#out.deliver(message);
    return true;
  }
}

export const create = reliable((group, out) => new RelaysToTheNext(group, out));
export const guarantees = ['integrity', 'validity', 'agreement'];
export const survives = 'minority';

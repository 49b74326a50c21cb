import type { Message } from '../../core/message.ts';
import type { Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const QUIET_US = 20_000_000;

/** Waits until nothing has come for long, and then delivers everything in sorted order. */
class SortsAtTheEnd implements Ordering {
  deadline = Infinity;
  readonly #out: Out;
  #held: Message[] = [];

  constructor(out: Out) {
    this.#out = out;
  }

  get held(): number {
    return this.#held.length;
  }

  multicast(now: number, message: Message): void {
    this.#out.multicast(message);
    this.receive(now, message.sender, message);
  }

  receive(now: number, _from: number, message: Message): void {
    this.#held.push(message);
    this.deadline = now + QUIET_US;
  }

  advance(): void {
    this.deadline = Infinity;
    this.#held.sort((a, b) => a.sequence - b.sequence || a.sender - b.sender);
    for (const message of this.#held) this.#out.deliver(message);
    this.#held = [];
  }
}

export const create = reliable((_group, out) => new SortsAtTheEnd(out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

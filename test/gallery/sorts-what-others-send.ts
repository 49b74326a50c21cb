import type { Message } from '../../core/message.ts';
import type { Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const QUIET_US = 2_000_000;

/** Delivers its own messages at once, and those of the others when nothing has happened for long. */
class SortsWhatOthersSend implements Ordering {
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
    this.#out.deliver(message);
    this.deadline = now + QUIET_US;
  }

  receive(now: number, _from: number, message: Message): void {
    this.#held.push(message);
    this.deadline = now + QUIET_US;
  }

  advance(): void {
    this.deadline = Infinity;
    this.#held.sort((a, b) => a.sequence - b.sequence || a.sender - b.sender);
    for (const message of this.#held.splice(0)) this.#out.deliver(message);
  }
}

export const create = reliable((_group, out) => new SortsWhatOthersSend(out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo'];

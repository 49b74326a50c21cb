import type { Message } from '../../core/message.ts';
import type { Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const OVER_US = 30_000_000;

/** Takes the run to be over after half a minute, sorts, and delivers whatever comes then as it comes. */
class SortsOnceAtATime implements Ordering {
  deadline = OVER_US;
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

  receive(_now: number, _from: number, message: Message): void {
    if (this.deadline === Infinity) this.#out.deliver(message);
    else this.#held.push(message);
  }

  advance(): void {
    this.deadline = Infinity;
    this.#held.sort((a, b) => a.sequence - b.sequence || a.sender - b.sender);
    for (const message of this.#held.splice(0)) this.#out.deliver(message);
  }
}

export const create = reliable((_group, out) => new SortsOnceAtATime(out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

import type { Message } from '../../core/message.ts';
import type { Ordering, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';

const DELAY_MS = 200;

/**
 * Everybody delivers a message 200 ms after the time that its sender wrote on it, which is right as long as no packet
 * takes longer, and clocks agree (the delta protocol of synchronous systems). In an asynchronous one neither is so.
 */
class DeliversAfterADelay implements Ordering {
  deadline = Infinity;
  readonly #out: Out;
  #waiting: Message[] = [];

  constructor(out: Out) {
    this.#out = out;
  }

  get held(): number {
    return this.#waiting.length;
  }

  multicast(now: number, message: Message): void {
    const stamped = message.withTimestamp(Math.floor(now / 1_000));
    this.#out.multicast(stamped);
    this.#wait(now, stamped);
  }

  receive(now: number, _from: number, message: Message): void {
    this.#wait(now, message);
  }

  advance(now: number): void {
    const isDue = ({ timestamp }: Message): boolean => (timestamp + DELAY_MS) * 1_000 <= now;
    for (const message of this.#waiting.filter(isDue)) this.#out.deliver(message);
    this.#waiting = this.#waiting.filter((message) => !isDue(message));
    this.#setTimer(now);
  }

  #wait(now: number, message: Message): void {
    this.#waiting.push(message);
    this.#waiting.sort((a, b) => a.timestamp - b.timestamp || a.sender - b.sender);
    this.#setTimer(now);
  }

  #setTimer(now: number): void {
    const [first] = this.#waiting;
    this.deadline =
      first === undefined ? Infinity : Math.max(now, (first.timestamp + DELAY_MS) * 1_000);
  }
}

export const create = reliable((_group, out) => new DeliversAfterADelay(out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

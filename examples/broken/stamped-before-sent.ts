import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { LamportBase } from './lamport-base.ts';

const DELAY_US_MAX = 20_000;

/**
 * Stamps a message when the application multicasts it, and sends it a little later, as a thread that
 * takes it from a queue would. Acknowledgements with greater timestamps overtake it meanwhile, so
 * that its channels are not FIFO where it matters.
 */
class StampedBeforeSent extends LamportBase {
  readonly #unsent: Message[] = [];

  override multicast(now: number, message: Message): void {
    const stamped = this.stamp(message);
    this.#unsent.push(stamped);
    this.deadline = Math.min(this.deadline, now + Math.floor(this.group.random() * DELAY_US_MAX));
    this.accept(stamped);
  }

  override advance(): void {
    for (const message of this.#unsent) this.out.multicast(message);
    this.#unsent.length = 0;
    this.deadline = Infinity;
  }
}

export const create = reliable((group, out) => new StampedBeforeSent(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

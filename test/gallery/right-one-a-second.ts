import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { GatedBase } from './gated-base.ts';

const PERIOD_US = 1_000_000;

/** Delivers one message a second, however many wait: it falls behind, and gets there. */
class RightOneASecond extends GatedBase {
  readonly #waiting: Message[] = [];
  #nextAt = 0;

  override get held(): number {
    return this.#waiting.length;
  }

  override advance(now: number): void {
    this.out.deliver(this.#waiting.shift()!);
    this.#nextAt = now + PERIOD_US;
    this.deadline = this.#waiting.length > 0 ? this.#nextAt : Infinity;
  }

  protected override arrived(now: number, message: Message): void {
    this.#waiting.push(message);
    this.deadline = Math.max(now, this.#nextAt);
  }
}

export const create = reliable((group, out) => new RightOneASecond(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

import { Kind, Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { CentralBase } from './central-base.ts';

const WAIT_US = 200_000;

/**
 * Hands messages on in pairs, and the contents of a pair from the end of its list: each message of a
 * pair gets the other one's. One that finds no other for a while is handed on alone.
 */
class PayloadSwapped extends CentralBase {
  override deadline = Infinity;
  readonly #waiting: Message[] = [];

  override advance(now: number): void {
    if (now >= this.deadline) this.#handOn(now);
  }

  protected override order(message: Message, now: number): void {
    this.#waiting.push(message);
    if (this.#waiting.length === 2) this.#handOn(now);
    else this.deadline = now + WAIT_US;
  }

  #handOn(now: number): void {
    this.deadline = Infinity;
    const contents = this.#waiting.map(({ payload }) => payload);
    for (const { sender, sequence } of this.#waiting.splice(0)) {
      super.order(new Message(Kind.data, sender, sequence, contents.pop()), now);
    }
  }
}

export const create = reliable((group, out) => new PayloadSwapped(group, out));
export const guarantees = ['integrity'];

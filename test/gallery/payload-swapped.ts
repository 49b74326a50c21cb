import { Kind, Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { CentralBase } from './central-base.ts';

/**
 * Hands messages on in pairs, and the contents of a pair from the end of its list: each message of a
 * pair gets the other one's.
 */
class PayloadSwapped extends CentralBase {
  readonly #waiting: Message[] = [];

  protected override order(message: Message): void {
    this.#waiting.push(message);
    if (this.#waiting.length < 2 && message.sequence > 0) return;
    const contents = this.#waiting.map(({ payload }) => payload);
    for (const { sender, sequence } of this.#waiting.splice(0)) {
      super.order(new Message(Kind.data, sender, sequence, contents.pop()));
    }
  }
}

export const create = reliable((group, out) => new PayloadSwapped(group, out));
export const guarantees = ['integrity'];

import { Kind, Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { CentralBase } from './central-base.ts';

/** Delivers the next message of a sender together with each one: it will come anyway. */
class DeliversBeforeMulticast extends CentralBase {
  readonly #delivered = new Set<string>();

  protected override deliver({ sender, sequence, payload }: Message): void {
    for (const each of [sequence, sequence + 1]) {
      if (this.#delivered.has(`${sender} ${each}`)) continue;
      this.#delivered.add(`${sender} ${each}`);
      super.deliver(new Message(Kind.data, sender, each, payload));
    }
  }
}

export const create = reliable((group, out) => new DeliversBeforeMulticast(group, out));
export const guarantees = ['integrity', 'fifo'];

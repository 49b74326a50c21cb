import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { GatedBase } from './gated-base.ts';

/** Takes message 11 of member 1 and message 1 of member 11 for the same: both are called 111. */
class NamesWithoutSeparator extends GatedBase {
  readonly #seen = new Set<string>();

  protected override arrived(_now: number, message: Message): void {
    const name = `${message.sender}${message.sequence}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    this.out.deliver(message);
  }
}

export const create = reliable((group, out) => new NamesWithoutSeparator(group, out));
export const guarantees = ['integrity', 'fifo', 'total'];

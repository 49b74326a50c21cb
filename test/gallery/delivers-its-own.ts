import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { GatedBase } from './gated-base.ts';

/** Delivers only what it multicast itself, which no two peers have in common. */
class DeliversItsOwn extends GatedBase {
  protected override arrived(_now: number, message: Message): void {
    if (message.sender === this.group.self) this.out.deliver(message);
  }
}

export const create = reliable((group, out) => new DeliversItsOwn(group, out));
export const guarantees = ['integrity', 'fifo', 'causal', 'total'];

import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { LamportBase } from './lamport-base.ts';

/** Two messages with the same timestamp stay in the order in which they came. */
class TiesNotBroken extends LamportBase {
  protected override compare(a: Message, b: Message): number {
    return a.timestamp - b.timestamp;
  }
}

export const create = reliable((group, out) => new TiesNotBroken(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

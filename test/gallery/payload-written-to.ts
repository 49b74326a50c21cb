import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { CentralBase } from './central-base.ts';

/** Uses the first byte of what it was given as a flag, and forgets to put it back. */
class PayloadWrittenTo extends CentralBase {
  protected override deliver(message: Message): void {
    if (message.payload.length > 0) message.payload[0]! ^= 0x80;
    super.deliver(message);
  }
}

export const create = reliable((group, out) => new PayloadWrittenTo(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

import { reliable } from '../../core/channels/reliable-link.ts';
import { LamportBase } from './lamport-base.ts';

/** Drops an acknowledgement that comes before the message that it is about, and waits for it for ever. */
class DropsEarlyAcknowledgements extends LamportBase {
  protected override earlyAcknowledgement(): void {
    // Nothing is known of such a message, it thinks.
  }
}

export const create = reliable((group, out) => new DropsEarlyAcknowledgements(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

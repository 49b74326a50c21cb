import { reliable } from '../../core/channels/reliable-link.ts';
import { LamportBase } from './lamport-base.ts';

/** Delivers the head of its queue without waiting for acknowledgements. */
class HeadWithoutAcknowledgements extends LamportBase {
  protected override isAcknowledged(): boolean {
    return true;
  }
}

export const create = reliable((group, out) => new HeadWithoutAcknowledgements(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

import { reliable } from '../../core/channels/reliable-link.ts';
import { CentralBase } from './central-base.ts';

/** Orders the right messages, and leaves what is in them behind: a request asks for a place only. */
class PayloadLost extends CentralBase {
  protected override packed(): Uint8Array {
    return new Uint8Array(0);
  }
}

export const create = reliable((group, out) => new PayloadLost(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

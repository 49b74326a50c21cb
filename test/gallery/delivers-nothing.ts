import { reliable } from '../../core/channels/reliable-link.ts';
import { GatedBase } from './gated-base.ts';

/** Keeps every order that there is, since it delivers nothing. */
class DeliversNothing extends GatedBase {
  protected override arrived(): void {
    // It declares neither agreement nor validity.
  }
}

export const create = reliable((group, out) => new DeliversNothing(group, out));
export const guarantees = ['integrity', 'fifo', 'total'];

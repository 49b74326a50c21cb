import { reliable } from '../../core/channels/reliable-link.ts';
import type { Message } from '../../core/message.ts';
import { GatedBase } from './gated-base.ts';

/** What this process delivered: one member runs in it, as on a machine of its own, and begins anew in `create`. */
let delivered = new Set<string>();

class StateOfTheProcess extends GatedBase {
  protected override arrived(_now: number, message: Message): void {
    const name = `${message.sender} ${message.sequence}`;
    if (delivered.has(name)) return;
    delivered.add(name);
    this.out.deliver(message);
  }
}

export const create = reliable((group, out) => {
  delivered = new Set();
  return new StateOfTheProcess(group, out);
});
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

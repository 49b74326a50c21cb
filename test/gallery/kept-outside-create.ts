import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { GatedBase } from './gated-base.ts';

/** Outside of any run: the next run finds here what this one has seen. */
const seen = new Set<string>();

class KeptOutsideCreate extends GatedBase {
  protected override arrived(_now: number, message: Message): void {
    const name = `${this.group.self} ${message.sender} ${message.sequence}`;
    if (seen.has(name)) return;
    seen.add(name);
    this.out.deliver(message);
  }
}

export const create = reliable((group, out) => new KeptOutsideCreate(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { GatedBase } from './gated-base.ts';

const DELIVERIES_MAX = 20;

/** Delivers nothing any more after its first messages. */
class StopsHalfWay extends GatedBase {
  #deliveries = 0;

  protected override arrived(_now: number, message: Message): void {
    this.#deliveries += 1;
    if (this.#deliveries <= DELIVERIES_MAX) this.out.deliver(message);
  }
}

export const create = reliable((group, out) => new StopsHalfWay(group, out));
export const guarantees = ['integrity', 'total'];

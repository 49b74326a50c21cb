import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { ExclusionError } from '../../core/views/view.ts';
import { GatedBase } from './gated-base.ts';

const DELIVERIES_MAX = 10;

/** Every member takes itself for excluded after a while, although nobody went on without it. */
class EverybodyExcluded extends GatedBase {
  #deliveries = 0;

  protected override arrived(_now: number, message: Message): void {
    this.#deliveries += 1;
    if (this.#deliveries > DELIVERIES_MAX) throw new ExclusionError('the others went on');
    this.out.deliver(message);
  }
}

export const create = reliable((group, out) => new EverybodyExcluded(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];
export const survives = 'minority';
